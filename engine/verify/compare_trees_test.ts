import { describe, expect, it } from "vitest";
import { digestOf } from "../digest.ts";
import type { FileEntry, TreeEntry } from "../tree/mod.ts";
import { compareTrees } from "./compare_trees.ts";

const file = (path: string, text: string, executable = false): FileEntry => ({
  kind: "file",
  path,
  digest: digestOf(text),
  sizeBytes: text.length,
  executable,
});
const link = (path: string, target: string): TreeEntry => ({ kind: "link", path, target });
const kinds = (before: TreeEntry[], now: TreeEntry[]) =>
  compareTrees(before, now).map(({ path, kind }) => `${path} ${kind}`);

describe("compareTrees()", () => {
  it("finds no difference in equal trees", () => {
    const tree = [file("a", "1"), link("b", "a"), { kind: "folder", path: "c" } as const];
    expect(compareTrees(tree, [...tree])).toEqual([]);
  });

  it("names each kind of difference, by path", () => {
    expect(kinds(
      [file("bytes", "1"), file("gone", "1"), file("mode", "1"), link("target", "a"), link("type", "a")],
      [file("bytes", "2"), file("mode", "1", true), file("new", "1"), link("target", "b"), file("type", "1")],
    )).toEqual([
      "bytes content",
      "gone missing",
      "mode executable",
      "new extra",
      "target target",
      "type type",
    ]);
  });

  it("counts a file with other bytes and another mode once", () => {
    expect(kinds([file("a", "1")], [file("a", "2", true)])).toEqual(["a content"]);
  });
});
