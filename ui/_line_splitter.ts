import { cleanLine } from "./clean.ts";

/** A line longer than this is cut: a step that writes megabytes without a newline must not fill the memory. */
const MAX_LINE = 4096;

/** Turns the chunks of one step's output into clean lines; a character may be split between chunks. */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #rest = "";
  #cut = false;

  /** The lines that this chunk completes. */
  push(chunk: Uint8Array): string[] {
    return this.#split(this.#decoder.decode(chunk, { stream: true }));
  }

  /** What is left when the step has ended. */
  end(): string[] {
    const lines = this.#split(this.#decoder.decode());
    if (this.#rest !== "") lines.push(cleanLine(this.#rest));
    this.#rest = "";
    return lines;
  }

  #split(text: string): string[] {
    const parts = text.split("\n");
    const last = parts.pop() ?? "";
    const lines: string[] = [];
    for (const part of parts) {
      this.#append(part);
      lines.push(cleanLine(this.#rest));
      this.#rest = "";
      this.#cut = false;
    }
    this.#append(last);
    return lines;
  }

  #append(text: string): void {
    if (this.#cut) return;
    this.#rest += text;
    if (this.#rest.length <= MAX_LINE) return;
    // A progress bar overwrites itself with \r: its last state is what counts, not its first 4,096 characters.
    const restart = this.#rest.lastIndexOf("\r", this.#rest.length - 2) + 1;
    this.#rest = this.#rest.slice(restart);
    if (this.#rest.length <= MAX_LINE) return;
    this.#rest = `${this.#rest.slice(0, MAX_LINE)}…`;
    this.#cut = true;
  }
}

/** The clean lines of a whole output. */
export function linesOf(output: Uint8Array): string[] {
  const splitter = new LineSplitter();
  return [...splitter.push(output), ...splitter.end()];
}
