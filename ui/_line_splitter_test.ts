import { describe, expect, it } from "vitest";
import { LineSplitter } from "./_line_splitter.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("LineSplitter", () => {
  it("gives a line when it is complete", () => {
    const splitter = new LineSplitter();
    expect(splitter.push(bytes("one\ntw"))).toEqual(["one"]);
    expect(splitter.push(bytes("o\n"))).toEqual(["two"]);
    expect(splitter.end()).toEqual([]);
  });

  it("gives the unfinished line at the end", () => {
    const splitter = new LineSplitter();
    splitter.push(bytes("no newline"));
    expect(splitter.end()).toEqual(["no newline"]);
  });

  it("joins a character that is split between chunks", () => {
    const splitter = new LineSplitter();
    const check = bytes("✓\n");
    expect(splitter.push(check.subarray(0, 1))).toEqual([]);
    expect(splitter.push(check.subarray(1))).toEqual(["✓"]);
  });

  it("shows bytes that are not UTF-8 as replacement characters", () => {
    expect(new LineSplitter().push(new Uint8Array([0x61, 0xff, 0x0a]))).toEqual(["a\ufffd"]);
  });

  it("cuts a line without end and keeps the next one", () => {
    const splitter = new LineSplitter();
    for (let index = 0; index < 100; index++) splitter.push(bytes("x".repeat(1000)));
    const lines = splitter.push(bytes("\nnext\n"));
    expect(lines.map((line) => line.length)).toEqual([4097, 4]);
    expect(lines[1]).toBe("next");
  });

  it("keeps the last state of a long progress bar", () => {
    const splitter = new LineSplitter();
    for (let percent = 0; percent <= 100; percent++) splitter.push(bytes(`\r${"#".repeat(80)} ${percent} %`));
    expect(splitter.push(bytes("\n"))).toEqual([`${"#".repeat(80)} 100 %`]);
  });
});
