/**
 * Why a step has to run, in words.
 *
 * @module
 */
import { canonicalJson, type Json } from "../canonical_json.ts";

type JsonObject = { readonly [key: string]: Json | undefined };

/** What {@linkcode explainDifference} needs to look beyond the step itself. */
export interface ExplainOptions {
  /** The inputs of an image by its id, if known. */
  readonly imageInputs: (id: string) => Json | undefined;
}

/**
 * What differs between the inputs that a step was last made of and those it has now. Most telling first.
 *
 * @param before inputs kept in the last manifest
 * @param now inputs of today
 */
export function explainDifference(before: Json, now: Json, options: ExplainOptions): string[] {
  const old = asObject(before);
  const current = asObject(now);
  const reasons = explainInputs(asObject(old["inputs"]), asObject(current["inputs"]));
  if (old["script"] !== current["script"]) reasons.push("script changed");
  reasons.push(...explainRecord("variable", asObject(old["environment"]), asObject(current["environment"])));
  if (old["image"] !== current["image"]) {
    reasons.push(...explainImage(old["image"], current["image"], options));
  }
  reasons.push(...explainRecord("limit", asObject(old["resources"]), asObject(current["resources"])));
  if (!same(old["outputs"], current["outputs"])) reasons.push("declared outputs changed");
  if (reasons.length === 0) reasons.push("recorded inputs are of another version");
  return reasons;
}

function explainInputs(old: JsonObject, current: JsonObject): string[] {
  const files: string[] = [];
  const others: string[] = [];
  for (const name of names(old, current)) {
    const before = asObject(old[name]);
    const now = asObject(current[name]);
    if (old[name] === undefined) others.push(`input "${name}" added`);
    else if (current[name] === undefined) others.push(`input "${name}" removed`);
    else if (before["kind"] !== now["kind"]) others.push(`input "${name}" is now a ${text(now["kind"])}`);
    else if (now["kind"] === "files") files.push(...explainFiles(before, now));
    else if (now["kind"] === "step" && before["id"] !== now["id"]) {
      others.push(`step "${text(now["name"])}" changed`);
    } else if (now["kind"] === "source" && before["pin"] !== now["pin"]) {
      others.push(
        `source "${text(now["name"])}" changed from ${short(before["pin"])} to ${short(now["pin"])}`,
      );
    } else if (!same(before, now)) others.push(`input "${name}" is mounted otherwise`);
  }
  return [...files, ...others];
}

function explainFiles(before: JsonObject, now: JsonObject): string[] {
  const folder = text(now["folder"]);
  const old = asObject(before["files"]);
  const current = asObject(now["files"]);
  return names(old, current).flatMap((path) => {
    if (old[path] === current[path]) return [];
    const verb = old[path] === undefined ? "added" : current[path] === undefined ? "removed" : "changed";
    return [`${folder}/${path} ${verb}`];
  });
}

function explainImage(before: Json | undefined, now: Json | undefined, options: ExplainOptions): string[] {
  const old = typeof before === "string" ? options.imageInputs(before) : undefined;
  const current = typeof now === "string" ? options.imageInputs(now) : undefined;
  if (old === undefined || current === undefined) return ["image changed"];
  const versions = (inputs: Json): JsonObject =>
    Object.fromEntries(
      (asObject(inputs)["packages"] as readonly Json[] ?? []).map((item) => {
        const [name, version, sha256] = item as readonly string[];
        return [name ?? "", `${version} (${short(sha256)})`];
      }),
    );
  const reasons = explainRecord("package", versions(old), versions(current));
  return reasons.length > 0 ? reasons : ["image changed"];
}

function explainRecord(what: string, old: JsonObject, current: JsonObject): string[] {
  return names(old, current).flatMap((name) => {
    if (same(old[name], current[name])) return [];
    if (old[name] === undefined) return [`${what} ${name} added: ${text(current[name])}`];
    if (current[name] === undefined) return [`${what} ${name} removed`];
    return [`${what} ${name} changed from ${text(old[name])} to ${text(current[name])}`];
  });
}

function names(a: JsonObject, b: JsonObject): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as JsonObject : {};
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? "nothing";
}

function short(value: Json | undefined): string {
  return text(value).slice(0, 19);
}
