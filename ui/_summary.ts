import type { Event } from "../engine/event.ts";
import { cleanLine, cleanLines } from "./clean.ts";
import { formatBytes, formatCount, formatDuration } from "./format.ts";
import type { Progress } from "./progress.ts";

/** What came of a build, in one line without the verdict: `3 built, 6 cached, fetched 487 files (451 MB)`. */
export function summarize(progress: Progress): string {
  const { built, hit, failed, cancelled } = progress.ended;
  const parts: string[] = [];
  if (failed > 0) parts.push(`${failed} failed`);
  if (cancelled > 0) parts.push(`${cancelled} cancelled`);
  if (built > 0) parts.push(`${built} built`);
  if (hit > 0) parts.push(`${hit} cached`);
  const { files, bytes } = progress.fetched;
  if (files > 0) parts.push(`fetched ${formatCount(files, "file")} (${formatBytes(bytes)})`);
  if (parts.length > 0) return parts.join(", ");
  return (progress.steps?.misses ?? 0) > 0 ? "nothing built" : "nothing to do";
}

/** The targets for a headline: all of them while they are few, "build" if there are no names. */
export function targetNames(targets: readonly string[]): string {
  if (targets.length === 0) return "build";
  const names = targets.slice(0, 3).map(cleanLine).join(", ");
  return targets.length > 3 ? `${names} and ${targets.length - 3} more` : names;
}

/** What an assembled image amounts to: `41,203 files, 1.51 GB in 35.2 s`. */
export function imageResult(event: Extract<Event, { readonly type: "image-end" }>): string {
  const { files, sizeBytes, durationMs } = event;
  return `${formatCount(files, "file")}, ${formatBytes(sizeBytes)} in ${formatDuration(durationMs)}`;
}

/** The first line of an error's message. */
export function headline(error: Error): string {
  return cleanLines(error.message)[0] ?? "";
}
