/**
 * Why a step has to run, as data: what changed, with the old and the new value where there is one.
 *
 * @module
 */
import type { Digest } from "../digest.ts";
import type { FileEntry } from "../tree/mod.ts";

/** How something differs from what it was. */
export type Change = "added" | "removed" | "changed";

/** One reason for a cache miss. */
export type Reason =
  | { readonly kind: "never-built" }
  /** The store has the step's manifest, but not all of what it names. */
  | { readonly kind: "damaged"; readonly manifest: boolean; readonly entries: readonly FileEntry[] }
  | {
    readonly kind: "file";
    /** Relative to the repository. */
    readonly path: string;
    readonly change: Change;
    /** More exact words than the change's name. */
    readonly detail?: string;
    readonly before: Digest | undefined;
    readonly now: Digest | undefined;
  }
  /** An input that came, went, or is another thing now. */
  | { readonly kind: "input"; readonly name: string; readonly detail: string }
  | { readonly kind: "source"; readonly name: string; readonly before: string; readonly now: string }
  | { readonly kind: "step"; readonly name: string; readonly before: string; readonly now: string }
  | { readonly kind: "script"; readonly before: string; readonly now: string }
  | {
    readonly kind: "variable" | "package" | "limit";
    readonly name: string;
    readonly before: string | undefined;
    readonly now: string | undefined;
  }
  | { readonly kind: "image"; readonly before: string; readonly now: string }
  | { readonly kind: "outputs"; readonly before: readonly string[]; readonly now: readonly string[] }
  /** Nothing that is recorded differs: it was recorded by another version. */
  | { readonly kind: "version" };

/** A reason in words. */
export function describeReason(reason: Reason): string {
  switch (reason.kind) {
    case "never-built":
      return "never built here";
    case "damaged":
      return "its output in the store is damaged or incomplete";
    case "file":
      return `${reason.path} ${reason.detail ?? reason.change}`;
    case "input":
      return `input "${reason.name}" ${reason.detail}`;
    case "source":
      return `source "${reason.name}" changed from ${short(reason.before)} to ${short(reason.now)}`;
    case "step":
      return `step "${reason.name}" changed`;
    case "script":
      return "script changed";
    case "variable":
      return describeValue(reason, (value) => JSON.stringify(value));
    case "package":
    case "limit":
      return describeValue(reason, (value) => value);
    case "image":
      return "image changed";
    case "outputs":
      return "declared outputs changed";
    case "version":
      return "recorded inputs are of another version";
  }
}

function describeValue(
  { kind, name, before, now }: Extract<Reason, { readonly kind: "variable" | "package" | "limit" }>,
  quote: (value: string) => string,
): string {
  if (before === undefined) return `${kind} ${name} added: ${quote(now ?? "")}`;
  if (now === undefined) return `${kind} ${name} removed (was ${quote(before)})`;
  return `${kind} ${name} changed from ${quote(before)} to ${quote(now)}`;
}

/** A digest with its algorithm, cut for people. */
function short(pin: string): string {
  return pin.slice(0, 19);
}
