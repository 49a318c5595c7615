/**
 * The live view on a terminal. What has ended scrolls away above as lasting lines; what runs is redrawn below them,
 * at most ten times a second.
 *
 * @module
 */
import { isReplayed } from "../engine/build/replay.ts";
import type { Event } from "../engine/event.ts";
import { displayWidth } from "./_display_width.ts";
import { Failures } from "./_failures.ts";
import { linesOf, LineSplitter } from "./_line_splitter.ts";
import { headline, imageResult, summarize, targetNames } from "./_summary.ts";
import { cleanLine } from "./clean.ts";
import { formatBytes, formatDuration } from "./format.ts";
import { Notices } from "./notice.ts";
import { advance, newProgress, type Progress, tick } from "./progress.ts";
import type { RenderErrorOptions } from "./render_error.ts";
import type { Renderer, RendererOptions } from "./renderer.ts";
import type { Screen } from "./screen.ts";
import { COLOR_STYLE, PLAIN_STYLE, type Span, span, type Style } from "./style.ts";
import { renderLive } from "./terminal_view.ts";

const REDRAW_MS = 100;
/** Without events the elapsed times still move. */
const IDLE_REDRAW_MS = 500;
const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const WRAP_OFF = "\x1b[?7l";
const WRAP_ON = "\x1b[?7h";
const ERASE_BELOW = "\x1b[J";

/** Shows a build on a terminal. */
export class TerminalRenderer implements Renderer {
  readonly name = "terminal";
  readonly #screen: Screen;
  readonly #style: Style;
  readonly #options: RendererOptions;
  readonly #progress: Progress = newProgress();
  readonly #notices = new Notices();
  readonly #failures = new Failures();
  readonly #splitters = new Map<string, LineSplitter>();
  readonly #resources: Disposable[];
  /** Lasting lines that are not on the screen yet. */
  #lasting: string[] = [];
  /** Widths of the live lines on the screen. */
  #drawn: number[] = [];
  #drawnMs = -Infinity;
  #dirty = false;
  #cursorHidden = false;
  #closed = false;

  constructor(screen: Screen, options: RendererOptions = {}) {
    this.#screen = screen;
    this.#options = options;
    this.#style = options.color ?? false ? COLOR_STYLE : PLAIN_STYLE;
    this.#resources = [
      screen.every(REDRAW_MS, () => this.#redrawIfDue(this.#dirty ? REDRAW_MS : IDLE_REDRAW_MS)),
      screen.onExit(() => this[Symbol.dispose]()),
    ];
  }

  readonly onEvent = (event: Event): void => {
    if (this.#closed) return;
    advance(this.#progress, event, this.#screen.now());
    for (const line of this.#lastingLines(event)) this.#lasting.push(line);
    this.#dirty = true;
    this.#redrawIfDue(REDRAW_MS);
  };

  say(...lines: readonly string[]): void {
    this.#lasting.push(...lines);
    this.#redraw();
  }

  fail(error: unknown): void {
    this.say(...this.#failures.tell(error, this.#errorOptions()));
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const resource of this.#resources) resource[Symbol.dispose]();
    this.#redraw();
    if (this.#cursorHidden) this.#screen.write(SHOW_CURSOR);
  }

  #redrawIfDue(everyMs: number): void {
    if (this.#screen.now() - this.#drawnMs >= everyMs) this.#redraw();
  }

  /** Erases the live lines, writes the lasting ones in their place and the live ones below, in one write. */
  #redraw(): void {
    const size = this.#screen.size();
    const now = this.#screen.now();
    tick(this.#progress, now);
    const live = this.#closed ? [] : renderLive(this.#progress, size, this.#style);
    let text = this.#erase(size.columns);
    if (this.#lasting.length > 0) text += `${this.#lasting.join("\n")}\n`;
    if (live.length > 0) {
      if (!this.#cursorHidden) text += HIDE_CURSOR;
      this.#cursorHidden = true;
      // The cursor rests in the first column: the terminal's own echo of ^C must not wrap and add a row.
      text += `${WRAP_OFF}${live.join("\n")}\r${WRAP_ON}`;
    }
    this.#lasting = [];
    this.#drawn = live.map((line) => displayWidth(unpainted(line)));
    this.#drawnMs = now;
    this.#dirty = false;
    if (text !== "") this.#screen.write(text);
  }

  /**
   * Erases from the first live line on. The cursor rests in the last one; a terminal that became narrower has
   * wrapped those above it.
   */
  #erase(columns: number): string {
    if (this.#drawn.length === 0) return "";
    const above = this.#drawn.slice(0, -1);
    const rows = above.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return (rows > 0 ? `\x1b[${rows}A` : "") + "\r" + ERASE_BELOW;
  }

  #lastingLines(event: Event): string[] {
    const notice = this.#notices.take(event);
    if (notice !== undefined) {
      const lines = [this.#paint(span(`${notice.kind}:`, "warning"), span(` ${notice.text}`))];
      if (notice.hint !== undefined) {
        lines.push(this.#paint(span("  hint:", "strong"), span(` ${notice.hint}`)));
      }
      return lines;
    }
    const { verbose = false } = this.#options;
    switch (event.type) {
      case "step-output":
        if (!verbose) return [];
        return isReplayed(event)
          ? [
            this.#paint(...this.#ended("hit", event.name, "cached, it printed:")),
            ...this.#prefixed(event.name, linesOf(event.chunk)),
          ]
          : this.#output(event.name, event.chunk);
      case "step-end":
        return [...this.#outputEnd(event.name), ...this.#stepEnd(event)];
      case "image-end":
        return [this.#paint(...this.#ended("built", `image ${event.name}`, imageResult(event)))];
      case "fetch-end": {
        if (!verbose) return [];
        const facts = `${formatBytes(event.sizeBytes)} in ${formatDuration(event.durationMs)}`;
        return [this.#paint(...this.#ended("built", `fetch ${event.name}`, facts))];
      }
      case "fetch-retry":
        if (!verbose) return [];
        return [this.#paint(span(`fetch ${event.name}: attempt ${event.attempt}: ${event.reason}`, "dim"))];
      case "sandbox":
        return verbose ? [this.#paint(span(`sandbox ${event.name}: ${event.reason}`, "dim"))] : [];
      case "build-end":
        return [...this.#verdict(event), ...this.#failures.take(this.#errorOptions())];
      default:
        return [];
    }
  }

  #stepEnd(event: Extract<Event, { readonly type: "step-end" }>): string[] {
    const { name, outcome, error } = event;
    const duration = formatDuration(event.durationMs);
    switch (outcome) {
      case "hit":
        return this.#options.verbose ? [this.#paint(...this.#ended("hit", name, "cached"))] : [];
      case "built":
        return [this.#paint(...this.#ended("built", name, duration))];
      case "cancelled":
        return [this.#paint(...this.#ended("cancelled", name, `cancelled after ${duration}`))];
      case "failed": {
        if (error !== undefined) this.#failures.add(error);
        const message = error === undefined ? "" : `  ${headline(error)}`;
        return [this.#paint(...this.#ended("failed", name, duration), span(message))];
      }
    }
  }

  #verdict(event: Extract<Event, { readonly type: "build-end" }>): string[] {
    const facts = `${summarize(this.#progress)}, ${formatDuration(event.durationMs)}`;
    return [
      this.#paint(...this.#ended(event.ok ? "built" : "failed", targetNames(this.#progress.targets), facts)),
    ];
  }

  #ended(how: keyof Style["symbols"], name: string, facts: string): Span[] {
    const tone = how === "built" ? "good" : how === "failed" ? "bad" : "dim";
    return [span(this.#style.symbols[how], tone), span(` ${name}`), span(`  ${facts}`, "dim")];
  }

  #output(name: string, chunk: Uint8Array): string[] {
    let splitter = this.#splitters.get(name);
    if (splitter === undefined) this.#splitters.set(name, splitter = new LineSplitter());
    return this.#prefixed(name, splitter.push(chunk));
  }

  #outputEnd(name: string): string[] {
    const lines = this.#splitters.get(name)?.end() ?? [];
    this.#splitters.delete(name);
    return this.#prefixed(name, lines);
  }

  #prefixed(name: string, lines: readonly string[]): string[] {
    return lines.map((line) => this.#paint(span(`${name} | `, "dim"), span(line)));
  }

  /** Lasting lines are not cut: the terminal wraps them, and they can be copied whole. */
  #paint(...spans: readonly Span[]): string {
    return spans.map(({ text, tone }) => this.#style.paint(cleanLine(text), tone)).join("");
  }

  #errorOptions(): RenderErrorOptions {
    const { verbose = false, diagnose } = this.#options;
    const width = this.#screen.size().columns;
    return { verbose, width, style: this.#style, ...(diagnose === undefined ? {} : { diagnose }) };
  }
}

function unpainted(line: string): string {
  // deno-lint-ignore no-control-regex
  return line.replace(/\x1b\[\d*m/g, "");
}
