/**
 * As much of a terminal as the live view uses: prints, newline, return, cursor up, erase below, cursor and wrap
 * modes. What it shows is what a user would see.
 *
 * @module
 */
export class FakeTerminal {
  readonly lines: string[] = [""];
  cursorVisible = true;
  wraps = true;
  #row = 0;
  #column = 0;

  constructor(readonly columns: number) {}

  feed(text: string): void {
    // deno-lint-ignore no-control-regex
    for (const token of text.match(/\x1b\[\??\d*[A-Za-z]|[^]/gu) ?? []) this.#take(token);
  }

  /** The screen without trailing empty lines. */
  get shown(): string[] {
    return this.lines.join("\n").trimEnd().split("\n");
  }

  #take(token: string): void {
    if (token === "\n") {
      this.#row++;
      this.#column = 0;
      this.lines[this.#row] ??= "";
    } else if (token === "\r") {
      this.#column = 0;
    } else if (token.startsWith("\x1b[")) {
      this.#control(token.slice(2));
    } else {
      this.#print(token);
    }
  }

  #control(sequence: string): void {
    if (sequence === "?25l") this.cursorVisible = false;
    else if (sequence === "?25h") this.cursorVisible = true;
    else if (sequence === "?7l") this.wraps = false;
    else if (sequence === "?7h") this.wraps = true;
    else if (sequence.endsWith("A")) this.#row -= Number(sequence.slice(0, -1));
    else if (sequence === "J") this.#erase();
    else if (!sequence.endsWith("m")) throw new Error(`Cannot do "${sequence}"`);
    if (this.#row < 0) throw new Error("The cursor left the screen");
  }

  #erase(): void {
    this.lines.length = this.#row + 1;
    this.lines[this.#row] = (this.lines[this.#row] ?? "").slice(0, this.#column);
  }

  #print(character: string): void {
    if (this.#column === this.columns) {
      if (!this.wraps) return;
      this.#row++;
      this.#column = 0;
    }
    const line = this.lines[this.#row] ?? "";
    this.lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
    this.#column++;
  }
}
