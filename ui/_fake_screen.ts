import type { Screen } from "./screen.ts";

/** A screen for tests: its clock stands still until it is told otherwise, and it keeps every write. */
export class FakeScreen implements Screen {
  readonly writes: string[] = [];
  columns = 80;
  rows = 24;
  #nowMs = 0;
  readonly #timers = new Set<{ readonly everyMs: number; dueMs: number; readonly callback: () => void }>();
  readonly #exits = new Set<() => void>();

  write(text: string): void {
    this.writes.push(text);
  }

  size(): { columns: number; rows: number } {
    return { columns: this.columns, rows: this.rows };
  }

  now(): number {
    return this.#nowMs;
  }

  every(ms: number, callback: () => void): Disposable {
    const timer = { everyMs: ms, dueMs: this.#nowMs + ms, callback };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  onExit(callback: () => void): Disposable {
    this.#exits.add(callback);
    return { [Symbol.dispose]: () => void this.#exits.delete(callback) };
  }

  /** Moves the clock on, and runs the timers that come due. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const next = [...this.#timers].filter((timer) =>
        timer.dueMs <= endMs
      ).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined) break;
      this.#nowMs = next.dueMs;
      next.dueMs += next.everyMs;
      next.callback();
    }
    this.#nowMs = endMs;
  }

  /** Moves the clock on without running timers, as a busy event loop does. */
  block(ms: number): void {
    this.#nowMs += ms;
  }

  exit(): void {
    for (const callback of [...this.#exits]) callback();
  }

  get timers(): number {
    return this.#timers.size;
  }

  get text(): string {
    return this.writes.join("");
  }
}
