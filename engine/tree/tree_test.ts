import { describe, expect, it } from "vitest";
import { digestOf } from "../digest.ts";
import { subtree, toTree, treeDigest, type TreeEntry, treeSizeBytes } from "./tree.ts";

const file = (path: string, text = path, executable = false): TreeEntry => ({
  kind: "file",
  path,
  digest: digestOf(text),
  sizeBytes: text.length,
  executable,
});

describe("toTree()", () => {
  it("sorts by path and keeps the last of two entries", () => {
    const tree = toTree([file("b"), file("a", "old"), file("a", "new")]);
    expect(tree.map((entry) => entry.path)).toEqual(["a", "b"]);
    expect(tree[0]).toEqual(file("a", "new"));
  });

  it("keeps empty folders only", () => {
    const tree = toTree([{ kind: "folder", path: "full" }, file("full/x"), {
      kind: "folder",
      path: "empty",
    }]);
    expect(tree.map((entry) => entry.path)).toEqual(["empty", "full/x"]);
  });
});

describe("treeDigest()", () => {
  it("changes with content, name, link target and the executable bit", () => {
    const digests = [
      [file("a")],
      [file("a", "other")],
      [file("b", "a")],
      [file("a", "a", true)],
      [{ kind: "link", path: "a", target: "x" } as const],
      [{ kind: "link", path: "a", target: "y" } as const],
      [{ kind: "folder", path: "a" } as const],
    ].map((entries) => treeDigest(toTree(entries)));
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("does not depend on the order of entries", () => {
    expect(treeDigest(toTree([file("a"), file("b")]))).toBe(treeDigest(toTree([file("b"), file("a")])));
  });
});

describe("subtree()", () => {
  const tree = toTree([file("lib/a"), file("lib/deep/b"), file("library")]);

  it("gives what lies below a folder, relative to it", () => {
    expect(subtree(tree, "lib").map((entry) => entry.path)).toEqual(["a", "deep/b"]);
  });

  it("gives a file under its own name", () => {
    expect(subtree(tree, "lib/a").map((entry) => entry.path)).toEqual(["a"]);
  });
});

describe("treeSizeBytes()", () => {
  it("adds up files", () => {
    expect(treeSizeBytes(toTree([file("a", "123"), file("b", "4567"), { kind: "folder", path: "c" }]))).toBe(
      7,
    );
  });
});
