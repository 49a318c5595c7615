import { describe, expect, it } from "vitest";
import { digestOf } from "../digest.ts";
import { toTree, type Tree, type TreeEntry } from "../tree/mod.ts";
import { layTrees } from "./layer.ts";

const file = (path: string, text = path): TreeEntry => ({
  kind: "file",
  path,
  digest: digestOf(text),
  sizeBytes: text.length,
  executable: false,
});
const link = (path: string, target: string): TreeEntry => ({ kind: "link", path, target });
const lay = (links: Record<string, string>, ...layers: TreeEntry[][]): Tree =>
  layTrees({ links, trees: layers.map((entries) => toTree(entries)), extra: [] });
const paths = (tree: Tree) => tree.map((entry) => entry.path);

describe("layTrees()", () => {
  it("puts files of the old folders where the merged /usr has them", () => {
    expect(paths(lay({ bin: "usr/bin" }, [file("bin/sh"), file("usr/bin/env")]))).toEqual([
      "bin",
      "usr/bin/env",
      "usr/bin/sh",
    ]);
  });

  it("lets the later package win", () => {
    expect(lay({}, [file("a", "old")], [file("a", "new")])).toEqual([file("a", "new")]);
  });

  it("keeps a link where a later package ships a folder", () => {
    expect(paths(lay({}, [link("a", "b"), file("b/x")], [{ kind: "folder", path: "a" }, file("a/y")])))
      .toEqual(["a", "b/x", "b/y"]);
  });

  it("follows chains of relative and absolute links inside the image", () => {
    expect(paths(lay({}, [link("x", "/y"), link("y", "deep/../z")], [file("x/f")]))).toEqual([
      "x",
      "y",
      "z/f",
    ]);
  });

  it("refuses links that leave the root", () => {
    expect(() => lay({}, [link("x", "../../etc")], [file("x/passwd")])).toThrow("leaves the root");
    expect(() => lay({}, [link("x", "..")], [file("x/y")])).toThrow("leaves the root");
    expect(() => lay({}, [link("x", "/")], [file("x/y")])).toThrow("leads to the root");
  });

  it("refuses links that never end", () => {
    expect(() => lay({}, [link("a", "b"), link("b", "a")], [file("a/x")])).toThrow("never end");
  });

  it("refuses a file below a file, and a link put over a folder that is in use", () => {
    expect(() => lay({}, [file("a")], [file("a/b")])).toThrow("above it is a file");
    expect(() => lay({}, [file("a/b")], [link("a", "/etc")])).toThrow("above it is a link");
  });
});
