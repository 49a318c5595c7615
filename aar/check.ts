/**
 * What a check is: a name, a question, and a judgement of an AAR's facts.
 *
 * @module
 */
import type { Aar } from "./read_aar.ts";

/**
 * How a check ended. "warn": worth knowing, and no reason to refuse. "none": the question does not arise. "allowed": it
 * failed or warned, and the user said that this is known.
 */
export type Status = "pass" | "fail" | "warn" | "none" | "allowed";

/** What came of a check. */
export interface Judgement {
  readonly status: Exclude<Status, "allowed">;
  /** One line. */
  readonly summary: string;
  /** What exactly, one line each. */
  readonly details?: readonly string[];
  /** What to do about it. */
  readonly hint?: string;
}

/** A check. */
export interface Check {
  /** What `--allow` takes. */
  readonly name: string;
  /** What is asked, for documents and help. */
  readonly question: string;
  judge(aar: Aar): Judgement;
}

/** A judgement with the check it is of. */
export interface CheckResult extends Omit<Judgement, "status"> {
  readonly name: string;
  readonly status: Status;
}

/** Passes if there is nothing to tell, otherwise ends as asked. */
export function judgeFindings(
  details: readonly string[],
  { fine, found, status = "fail", hint }: {
    /** Summary where nothing was found. */
    readonly fine: string;
    /** Summary where something was. */
    readonly found: string;
    readonly status?: "fail" | "warn";
    readonly hint?: string;
  },
): Judgement {
  if (details.length === 0) return { status: "pass", summary: fine };
  return { status, summary: found, details, ...(hint === undefined ? {} : { hint }) };
}
