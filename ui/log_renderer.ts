import type { Event } from "../engine/event.ts";
import type { Renderer, RendererName } from "./renderer.ts";
import type { Screen } from "./screen.ts";

/** Turns what happens into lines that stay; holds the state it needs, writes nothing. */
export interface LogFormat {
  readonly name: RendererName;
  event(event: Event, nowMs: number): string[];
  /** Called about once a second: what is to be said although nothing happens. */
  tick(nowMs: number): string[];
  say(lines: readonly string[], nowMs: number): string[];
  fail(error: unknown, nowMs: number): string[];
}

const TICK_MS = 1000;

/** Writes the lines of a format: for logs, pipes and programs. */
export class LogRenderer implements Renderer {
  readonly name: RendererName;
  readonly #format: LogFormat;
  readonly #screen: Screen;
  readonly #ticker: Disposable;

  constructor(format: LogFormat, screen: Screen) {
    this.name = format.name;
    this.#format = format;
    this.#screen = screen;
    this.#ticker = screen.every(TICK_MS, () => this.#write(format.tick(screen.now())));
  }

  readonly onEvent = (event: Event): void => this.#write(this.#format.event(event, this.#screen.now()));

  say(...lines: readonly string[]): void {
    this.#write(this.#format.say(lines, this.#screen.now()));
  }

  fail(error: unknown): void {
    this.#write(this.#format.fail(error, this.#screen.now()));
  }

  [Symbol.dispose](): void {
    this.#ticker[Symbol.dispose]();
  }

  #write(lines: readonly string[]): void {
    if (lines.length > 0) this.#screen.write(`${lines.join("\n")}\n`);
  }
}
