import { describe, expect, it } from "vitest";
import { diffLines } from "./text_diff.ts";

const SIGNS = { same: " ", removed: "-", added: "+", gap: "…" };
const show = (before: string, now: string) =>
  diffLines(before, now).map(({ kind, text }) => SIGNS[kind] + text);

describe("diffLines()", () => {
  it("shows what changed with one line around it", () => {
    expect(show("a\nb\nc\nd\ne\n", "a\nb\nC\nd\ne\n")).toEqual([" b", "-c", "+C", " d"]);
  });

  it("marks what it leaves out between two changes", () => {
    expect(show("1\n2\n3\n4\n5\n6\n", "one\n2\n3\n4\n5\nsix\n")).toEqual([
      "-1",
      "+one",
      " 2",
      "…",
      " 5",
      "-6",
      "+six",
    ]);
  });

  it("finds a line that was put in between", () => {
    expect(show("a\nb\na\nb", "a\nb\nx\na\nb")).toEqual([" b", "+x", " a"]);
  });

  it("takes nothing and something", () => {
    expect(show("", "a")).toEqual(["+a"]);
    expect(show("a", "")).toEqual(["-a"]);
    expect(show("a", "a")).toEqual([]);
  });

  it("replaces the whole where there is too much to compare", () => {
    const many = (word: string) => Array.from({ length: 2_000 }, (_, i) => `${word}${i}`).join("\n");
    expect(diffLines(many("a"), many("b")).length).toBe(4_000);
  });
});
