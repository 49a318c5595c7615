/**
 * What differs between what a step was last made of and what it is made of now.
 *
 * @module
 */
import { canonicalJson, type Json } from "../canonical_json.ts";
import type { Digest } from "../digest.ts";
import type { Change, Reason } from "./reason.ts";

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
export function explainDifference(before: Json, now: Json, options: ExplainOptions): Reason[] {
  const old = asObject(before);
  const current = asObject(now);
  const reasons = explainInputs(asObject(old["inputs"]), asObject(current["inputs"]));
  if (old["script"] !== current["script"]) {
    reasons.push({ kind: "script", before: text(old["script"]), now: text(current["script"]) });
  }
  reasons.push(...explainRecord("variable", asObject(old["environment"]), asObject(current["environment"])));
  if (old["image"] !== current["image"]) {
    reasons.push(...explainImage(old["image"], current["image"], options));
  }
  reasons.push(...explainRecord("limit", asObject(old["resources"]), asObject(current["resources"])));
  if (!same(old["outputs"], current["outputs"])) {
    reasons.push({ kind: "outputs", before: texts(old["outputs"]), now: texts(current["outputs"]) });
  }
  if (reasons.length === 0) reasons.push({ kind: "version" });
  return reasons;
}

function explainInputs(old: JsonObject, current: JsonObject): Reason[] {
  const files: Reason[] = [];
  const others: Reason[] = [];
  for (const name of names(old, current)) {
    const before = asObject(old[name]);
    const now = asObject(current[name]);
    if (old[name] === undefined) others.push({ kind: "input", name, detail: "added" });
    else if (current[name] === undefined) others.push({ kind: "input", name, detail: "removed" });
    else if (before["kind"] !== now["kind"]) {
      others.push({ kind: "input", name, detail: `is now a ${text(now["kind"])}` });
    } else if (now["kind"] === "files" && before["folder"] !== now["folder"]) {
      others.push({ kind: "input", name, detail: `is now the folder ${text(now["folder"])}` });
    } else if (now["kind"] === "files") files.push(...explainFiles(before, now));
    else if (now["kind"] === "step" && before["id"] !== now["id"]) {
      const ids = { before: text(before["id"]), now: text(now["id"]) };
      others.push({ kind: "step", name: text(now["name"]), ...ids });
    } else if (now["kind"] === "source" && before["pin"] !== now["pin"]) {
      const pins = { before: text(before["pin"]), now: text(now["pin"]) };
      others.push({ kind: "source", name: text(now["name"]), ...pins });
    } else if (!same(before, now)) others.push({ kind: "input", name, detail: "is mounted otherwise" });
  }
  return [...files, ...others];
}

function explainFiles(before: JsonObject, now: JsonObject): Reason[] {
  const folder = text(now["folder"]);
  const old = asObject(before["files"]);
  const current = asObject(now["files"]);
  return names(old, current).flatMap((name): Reason[] => {
    const [was, is] = [old[name], current[name]];
    if (was === is) return [];
    const path = `${folder}/${name}`;
    const change: Change = was === undefined ? "added" : is === undefined ? "removed" : "changed";
    const digests = { before: digestIn(was), now: digestIn(is) };
    if (digests.before !== digests.now) return [{ kind: "file", path, change, ...digests }];
    const detail = `is ${text(is).startsWith("x") ? "now" : "no longer"} executable`;
    return [{ kind: "file", path, change, detail, ...digests }];
  });
}

/** The digest in "x:<digest>" (executable) or "f:<digest>". */
function digestIn(value: Json | undefined): Digest | undefined {
  return typeof value === "string" ? value.slice(2) as Digest : undefined;
}

function explainImage(before: Json | undefined, now: Json | undefined, options: ExplainOptions): Reason[] {
  const old = typeof before === "string" ? options.imageInputs(before) : undefined;
  const current = typeof now === "string" ? options.imageInputs(now) : undefined;
  const unknown: Reason = { kind: "image", before: text(before), now: text(now) };
  if (old === undefined || current === undefined) return [unknown];
  const reasons = explainRecord("package", packageVersions(old), packageVersions(current));
  return reasons.length > 0 ? reasons : [unknown];
}

function packageVersions(inputs: Json): JsonObject {
  return Object.fromEntries(
    (asObject(inputs)["packages"] as readonly Json[] ?? []).map((item) => {
      const [name, version, sha256] = item as readonly string[];
      return [name ?? "", `${version} (${text(sha256).slice(0, 12)})`];
    }),
  );
}

function explainRecord(
  kind: "variable" | "package" | "limit",
  old: JsonObject,
  current: JsonObject,
): Reason[] {
  return names(old, current).flatMap((name): Reason[] => {
    const [was, is] = [old[name], current[name]];
    if (same(was, is)) return [];
    return [{
      kind,
      name,
      before: was === undefined ? undefined : text(was),
      now: is === undefined ? undefined : text(is),
    }];
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

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}
