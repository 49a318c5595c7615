/**
 * Says in one sentence what is wrong with a lock file.
 *
 * @module
 */
import type { core } from "zod";

/** Names the member, what it is and what it should be, such as `sources.ndk.sha256 is "x", expected 64 hex digits`. */
export function describeIssue(issue: core.$ZodIssue, json: unknown): string {
  const where = issue.path.map(String).join(".") || "the file";
  const value = valueAt(json, issue.path);
  const is = value === undefined ? "is missing" : `is ${show(value)}`;
  switch (issue.code) {
    case "unrecognized_keys":
      return `${where} has the unknown member "${issue.keys[0]}"`;
    case "custom":
      return `${where} ${issue.message}`;
    case "invalid_type":
      return `${where} ${is}, expected ${article(issue.expected)}`;
    case "invalid_union": {
      const options = "options" in issue && Array.isArray(issue.options) ? issue.options : [];
      return `${where} ${is}, expected ${oneOf(options)}`;
    }
    case "invalid_value":
      return `${where} ${is}, expected ${oneOf(issue.values)}`;
    default:
      return `${where} ${is}, ${expectation(issue)}`;
  }
}

function expectation(issue: core.$ZodIssue): string {
  if (issue.code === "too_small") {
    if (issue.origin !== "number") return "expected it not to be empty";
    return `expected ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`;
  }
  return issue.message.startsWith("expected ") ? issue.message : `expected ${issue.message}`;
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.map(show);
  const last = shown.pop() ?? "another value";
  return shown.length === 0 ? last : `${shown.join(", ")} or ${last}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    json,
  );
}
