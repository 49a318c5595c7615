/**
 * A log for pipes, files and other programs' consoles: one line when something starts and one when it ends,
 * downloads summed up every five seconds, and a sign of life every minute, because CI services end silent jobs.
 *
 * @module
 */
import { isReplayed, type ReplayedOutput } from "../engine/build/replay.ts";
import type { Event } from "../engine/event.ts";
import { Failures } from "./_failures.ts";
import { linesOf, LineSplitter } from "./_line_splitter.ts";
import { headline, imageResult, summarize, targetNames } from "./_summary.ts";
import { cleanLine } from "./clean.ts";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatElapsed,
  formatRate,
  formatStopwatch,
} from "./format.ts";
import type { LogFormat } from "./log_renderer.ts";
import { type Notice, Notices } from "./notice.ts";
import { advance, elapsedMs, fetchRate, newProgress, type Progress, tick } from "./progress.ts";
import type { RendererOptions } from "./renderer.ts";

const FETCH_SUMMARY_MS = 5000;
const SIGN_OF_LIFE_MS = 60_000;
/** A server that fails does so for hundreds of packages; more than these say nothing new. */
const MAX_RETRY_LINES = 3;

type EventOf<Type extends Event["type"]> = Extract<Event, { readonly type: Type }>;

/** The format of plain logs. */
export class PlainFormat implements LogFormat {
  readonly name: LogFormat["name"] = "plain";
  protected readonly splitters = new Map<string, LineSplitter>();
  readonly #options: RendererOptions;
  readonly #verbose: boolean;
  readonly #progress: Progress = newProgress();
  readonly #notices = new Notices();
  readonly #failures = new Failures();
  readonly #told = new Map<string, number>();
  #lastLineMs = 0;
  #fetchSummary = { atMs: 0, files: 0, bytes: 0 };

  constructor(options: RendererOptions = {}) {
    this.#options = options;
    this.#verbose = options.verbose ?? false;
  }

  event(event: Event, nowMs: number): string[] {
    tick(this.#progress, nowMs);
    const lines = this.#fetchesBefore(event, nowMs);
    // The counts begin anew with the next build.
    if (this.#progress.isOver) this.#fetchSummary = { atMs: nowMs, files: 0, bytes: 0 };
    advance(this.#progress, event, nowMs);
    lines.push(...this.#stamped(this.#describe(event)), ...this.blocks(event));
    const notice = this.#notices.take(event);
    if (notice !== undefined) lines.push(...this.notice(notice));
    return this.#spoke(lines, nowMs);
  }

  tick(nowMs: number): string[] {
    tick(this.#progress, nowMs);
    const lines = this.#fetchesDue(nowMs);
    const silent = nowMs - this.#lastLineMs >= SIGN_OF_LIFE_MS;
    if (silent && lines.length === 0) lines.push(...this.#signOfLife(nowMs));
    return this.#spoke(lines, nowMs);
  }

  say(lines: readonly string[], nowMs: number): string[] {
    return this.#spoke([...lines], nowMs);
  }

  fail(error: unknown, nowMs: number): string[] {
    return this.#spoke(this.quote(this.#failures.tell(error, this.#errorOptions())), nowMs);
  }

  /** Lines that are not stamped: output of steps, and at the end the errors. */
  protected blocks(event: Event): string[] {
    switch (event.type) {
      case "step-output":
        return isReplayed(event) ? this.replayedLines(event) : this.outputLines(event);
      case "step-end":
        return this.outputEnd(event);
      case "build-end":
        return this.quote(this.#failures.take(this.#errorOptions()));
      default:
        return [];
    }
  }

  /** What is shown of a step's output while it runs. */
  protected outputLines(event: EventOf<"step-output">): string[] {
    return this.#verbose ? prefixed(event.name, this.split(event)) : [];
  }

  /** What is shown of a step's output when it has ended. */
  protected outputEnd(event: EventOf<"step-end">): string[] {
    const splitter = this.splitters.get(event.name);
    this.splitters.delete(event.name);
    return splitter === undefined ? [] : prefixed(event.name, splitter.end());
  }

  /** What a cached step printed when it was built. */
  protected replayedLines({ name, chunk }: ReplayedOutput): string[] {
    if (!this.#verbose) return [];
    return [...this.#stamped([`step ${name}: cached, it printed:`]), ...prefixed(name, linesOf(chunk))];
  }

  /** The lines of a warning. */
  protected notice(notice: Notice): string[] {
    const lines = [`${notice.kind.toUpperCase()}: ${notice.text}`];
    if (notice.hint !== undefined) lines.push(`  hint: ${notice.hint}`);
    return lines;
  }

  /** Blocks of foreign text, made harmless for whatever reads this log. */
  protected quote(lines: string[]): string[] {
    return lines;
  }

  /** The same for a single line. */
  protected foreign(line: string): string {
    return line;
  }

  /** Complete lines of a step's output, cleaned. */
  protected split(event: EventOf<"step-output">): string[] {
    let splitter = this.splitters.get(event.name);
    if (splitter === undefined) this.splitters.set(event.name, splitter = new LineSplitter());
    return splitter.push(event.chunk);
  }

  #describe(event: Event): string[] {
    switch (event.type) {
      case "build-start":
        return [
          `${targetNames(event.targets)}: ${formatCount(event.steps, "step")}, ${event.misses} to run`,
        ];
      case "build-end":
        return [
          `${targetNames(this.#progress.targets)}: ${event.ok ? "done" : "failed"} in ` +
          `${formatDuration(event.durationMs)}: ${summarize(this.#progress)}`,
        ];
      case "sandbox":
        return [`sandbox ${event.name}: ${event.reason}`];
      case "waiting":
        return this.#few(`waiting ${event.reason}`, 1) ? [`${event.name}: waiting: ${event.reason}`] : [];
      case "step-start":
        return [`step ${event.name}: start (${event.reason})`];
      case "step-end":
        return this.#describeStepEnd(event);
      case "image-start":
        return [`image ${event.name}: assembling ${formatCount(event.packages, "package")}`];
      case "image-end":
        return [`image ${event.name}: done, ${imageResult(event)}`];
      case "fetch-retry":
        if (!this.#few(`retry ${URL.parse(event.url)?.host}`, MAX_RETRY_LINES)) return [];
        return [`fetch ${event.name}: attempt ${event.attempt} of ${event.url}: ${event.reason}`];
      case "fetch-end":
        if (!this.#verbose) return [];
        return [
          `fetch ${event.name}: ${formatBytes(event.sizeBytes)} in ${formatDuration(event.durationMs)}`,
        ];
      default:
        return [];
    }
  }

  /** Whether a thing that comes in hundreds is still to be told; always when verbose. */
  #few(key: string, limit: number): boolean {
    const count = (this.#told.get(key) ?? 0) + 1;
    this.#told.set(key, count);
    return this.#verbose || count <= limit;
  }

  #describeStepEnd(event: EventOf<"step-end">): string[] {
    const duration = formatDuration(event.durationMs);
    switch (event.outcome) {
      case "hit":
        return this.#verbose ? [`step ${event.name}: cached`] : [];
      case "built":
        return [`step ${event.name}: done in ${duration}`];
      case "cancelled":
        return [`step ${event.name}: cancelled after ${duration}`];
      case "failed": {
        if (event.error !== undefined) this.#failures.add(event.error);
        const message = event.error === undefined ? "" : `: ${headline(event.error)}`;
        return [`step ${event.name}: failed after ${duration}${message}`];
      }
    }
  }

  #fetchesDue(nowMs: number): string[] {
    const { runningFetches, receivedBytes, fetched } = this.#progress;
    if (runningFetches.size === 0 || nowMs - this.#fetchSummary.atMs < FETCH_SUMMARY_MS) return [];
    this.#fetchSummary = { ...this.#fetchSummary, atMs: nowMs };
    const rate = fetchRate(this.#progress);
    const parts = [
      `fetch: ${fetched.files - this.#fetchSummary.files} done, ${runningFetches.size} running`,
      formatBytes(receivedBytes - this.#fetchSummary.bytes),
      ...(rate === undefined ? [] : [formatRate(rate)]),
      ...(fetched.retries === 0 ? [] : [`${fetched.retries} tried again`]),
    ];
    return this.#stamped([parts.join(", ")]);
  }

  /** Sums up the downloads before another thing begins, so that the log tells things in their order. */
  #fetchesBefore(event: Event, nowMs: number): string[] {
    if (event.type === "fetch-start" && this.#progress.runningFetches.size === 0) {
      this.#fetchSummary = { ...this.#fetchSummary, atMs: nowMs };
    }
    if (event.type.startsWith("fetch-")) return this.#fetchesDue(nowMs);
    if (event.type === "step-output" || this.#progress.runningFetches.size > 0) return [];
    const { files: allFiles, bytes: allBytes } = this.#progress.fetched;
    const files = allFiles - this.#fetchSummary.files;
    if (files === 0) return [];
    const bytes = allBytes - this.#fetchSummary.bytes;
    this.#fetchSummary = { atMs: nowMs, files: allFiles, bytes: allBytes };
    return this.#stamped([`fetch: done, ${formatCount(files, "file")}, ${formatBytes(bytes)}`]);
  }

  #signOfLife(nowMs: number): string[] {
    const { runningSteps, runningImages } = this.#progress;
    const running = [...runningSteps.values(), ...runningImages.values()];
    if (running.length === 0) return [];
    const names = running.map(({ name, startedMs }) => `${name} (${formatElapsed(nowMs - startedMs)})`);
    return this.#stamped([`still running: ${names.join(", ")}`]);
  }

  #stamped(lines: readonly string[]): string[] {
    const stamp = formatStopwatch(elapsedMs(this.#progress)).padStart(5);
    return lines.map((line) => this.foreign(`[${stamp}] ${cleanLine(line)}`));
  }

  #spoke(lines: string[], nowMs: number): string[] {
    if (lines.length > 0) this.#lastLineMs = nowMs;
    return lines;
  }

  #errorOptions(): { verbose: boolean; diagnose?: NonNullable<RendererOptions["diagnose"]> } {
    const { diagnose } = this.#options;
    return diagnose === undefined ? { verbose: this.#verbose } : { verbose: this.#verbose, diagnose };
  }
}

function prefixed(name: string, lines: readonly string[]): string[] {
  return lines.map((line) => `${cleanLine(name)} | ${line}`);
}
