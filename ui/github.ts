/**
 * The plain log for GitHub Actions: output of each step in a group of its own, warnings and errors as annotations.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 *
 * @module
 */
import type { ReplayedOutput } from "../engine/build/replay.ts";
import type { Event } from "../engine/event.ts";
import { linesOf } from "./_line_splitter.ts";
import { headline } from "./_summary.ts";
import { cleanLine } from "./clean.ts";
import { formatDuration } from "./format.ts";
import type { LogFormat } from "./log_renderer.ts";
import type { Notice } from "./notice.ts";
import { PlainFormat } from "./plain.ts";
import type { RendererOptions } from "./renderer.ts";

/** Lines kept of a step's output until its group is written; the log file of the step has them all. */
const MAX_GROUP_LINES = 5000;

type EventOf<Type extends Event["type"]> = Extract<Event, { readonly type: Type }>;

/** Options of {@linkcode GithubFormat}. */
export interface GithubOptions extends RendererOptions {
  /** Gives a word that output of a step cannot guess. */
  readonly newToken?: () => string;
}

/** The format of GitHub Actions logs. */
export class GithubFormat extends PlainFormat {
  override readonly name: LogFormat["name"] = "github";
  readonly #newToken: () => string;
  readonly #output = new Map<string, { lines: string[]; dropped: number }>();

  constructor(options: GithubOptions = {}) {
    super(options);
    this.#newToken = options.newToken ?? (() => crypto.randomUUID());
  }

  /** Steps run side by side, and groups do not nest: output is held back until its step has ended. */
  protected override outputLines(event: EventOf<"step-output">): string[] {
    this.#hold(event.name, this.split(event));
    return [];
  }

  protected override outputEnd(event: EventOf<"step-end">): string[] {
    this.#hold(event.name, this.splitters.get(event.name)?.end() ?? []);
    this.splitters.delete(event.name);
    const output = this.#output.get(event.name) ?? { lines: [], dropped: 0 };
    this.#output.delete(event.name);
    const title = `${event.name}: output (${event.outcome} after ${formatDuration(event.durationMs)})`;
    const dropped = output.dropped === 0 ? [] : [`… ${output.dropped} earlier lines are in the log file`];
    const lines = output.lines.length === 0 ? [] : this.#group(title, [...dropped, ...output.lines]);
    if (event.outcome === "failed" && event.error !== undefined) {
      lines.push(annotation("error", event.name, headline(event.error)));
    }
    return lines;
  }

  protected override replayedLines({ name, chunk }: ReplayedOutput): string[] {
    return this.#group(`${name}: output (cached)`, linesOf(chunk));
  }

  protected override notice(notice: Notice): string[] {
    const text = notice.hint === undefined ? notice.text : `${notice.text}\n${notice.hint}`;
    return [annotation("warning", notice.kind, text)];
  }

  /** Foreign text could hold workflow commands ("::add-path::…"): the runner is told to ignore them. */
  protected override quote(lines: string[]): string[] {
    if (lines.length === 0) return [];
    const token = this.#newToken();
    return [`::stop-commands::${token}`, ...lines, `::${token}::`];
  }

  /** A stamped line cannot start with "::", but the older "##[command]" is obeyed anywhere in a line. */
  protected override foreign(line: string): string {
    return line.replaceAll("##[", "## [");
  }

  override fail(error: unknown, nowMs: number): string[] {
    const lines = super.fail(error, nowMs);
    if (lines.length === 0 || !(error instanceof Error)) return lines;
    return [...lines, annotation("error", "vkforge", headline(error))];
  }

  #group(title: string, lines: string[]): string[] {
    return [`::group::${escapeData(cleanLine(title))}`, ...this.quote(lines), "::endgroup::"];
  }

  #hold(name: string, lines: readonly string[]): void {
    if (lines.length === 0) return;
    let output = this.#output.get(name);
    if (output === undefined) this.#output.set(name, output = { lines: [], dropped: 0 });
    for (const line of lines) output.lines.push(line);
    // Twice the limit before anything is cut, so that cutting costs little per line.
    if (output.lines.length < 2 * MAX_GROUP_LINES) return;
    output.dropped += output.lines.length - MAX_GROUP_LINES;
    output.lines = output.lines.slice(-MAX_GROUP_LINES);
  }
}

/** Escapes the text of a workflow command. */
export function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** Escapes the value of a workflow command's property. */
export function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function annotation(kind: "error" | "warning", title: string, text: string): string {
  return `::${kind} title=${escapeProperty(cleanLine(title))}::${escapeData(text)}`;
}
