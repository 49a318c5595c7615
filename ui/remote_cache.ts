/**
 * What was pulled from a remote cache and pushed to it, for people.
 *
 * @module
 */
import type { PulledStep, PushedStep } from "../engine/registry/mod.ts";
import { formatBytes, formatCount, formatDuration, formatRate, layoutTable } from "./format.ts";

/** What both say at the end. */
export interface Transfer {
  /** The registry, for people. */
  readonly registry: string;
  readonly durationMs: number;
}

const PULLED: Readonly<Record<PulledStep["outcome"], string>> = {
  pulled: "pulled",
  here: "was here",
  absent: "not in the registry",
};

const PUSHED: Readonly<Record<PushedStep["outcome"], string>> = {
  pushed: "pushed",
  there: "was there",
};

/** What became of each step that was wanted. */
export function pulledLines(steps: readonly PulledStep[], transfer: Transfer): string[] {
  const rows = steps.map(({ name, id, outcome, sizeBytes }) => [
    name,
    id.slice(0, 12),
    PULLED[outcome],
    outcome === "absent" ? "" : formatBytes(sizeBytes),
  ]);
  const pulled = steps.filter(({ outcome }) => outcome === "pulled").length;
  const bytes = steps.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
  return summed(rows, `Pulled ${formatCount(pulled, "step")} from ${transfer.registry}`, { bytes, transfer });
}

/** What became of each step that was to be pushed. */
export function pushedLines(steps: readonly PushedStep[], transfer: Transfer): string[] {
  const rows = steps.map(({ name, id, outcome, sizeBytes }) => [
    name,
    id.slice(0, 12),
    PUSHED[outcome],
    formatBytes(sizeBytes),
  ]);
  const pushed = steps.filter(({ outcome }) => outcome === "pushed").length;
  const bytes = steps.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  return summed(rows, `Pushed ${formatCount(pushed, "step")} to ${transfer.registry}`, { bytes, transfer });
}

function summed(
  rows: readonly (readonly string[])[],
  what: string,
  { bytes, transfer }: { readonly bytes: number; readonly transfer: Transfer },
): string[] {
  const { durationMs } = transfer;
  const rate = bytes === 0
    ? ""
    : `: ${formatBytes(bytes)} in ${formatDuration(durationMs)}, ${
      formatRate(bytes * 1000 / Math.max(durationMs, 1))
    }`;
  return [...layoutTable(rows, { align: "lllr" }).map((line) => `  ${line}`), "", `${what}${rate}`];
}
