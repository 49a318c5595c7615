import { describe, expect, it } from "vitest";
import { digestOf, type StepId } from "../digest.ts";
import { toTree, treeDigest } from "../tree/mod.ts";
import { formatManifest, type Manifest, parseManifest } from "./manifest.ts";

const id = digestOf("id") as StepId;
const tree = toTree([
  { kind: "file", path: 'odd "name"\n', digest: digestOf("a"), sizeBytes: 1, executable: false },
  { kind: "file", path: "bin/tool", digest: digestOf("b"), sizeBytes: 2, executable: true },
  { kind: "link", path: "link", target: "bin/tool" },
  { kind: "folder", path: "empty" },
]);
const manifest: Manifest = {
  schema: 1,
  id,
  kind: "step",
  name: "a/b",
  inputs: { script: "true", inputs: { é: [1, null, "x"] } },
  tree,
  treeDigest: treeDigest(tree),
  log: { digest: digestOf("log"), sizeBytes: 3 },
  durationMs: 5,
};

describe("parseManifest()", () => {
  it("reads what formatManifest() wrote", () => {
    expect(parseManifest(formatManifest(manifest), id)).toEqual(manifest);
    const empty = { ...manifest, tree: [], treeDigest: treeDigest([]) };
    expect(parseManifest(formatManifest(empty), id)).toEqual(empty);
  });

  it("takes a manifest of another id or another schema for none", () => {
    expect(parseManifest(formatManifest(manifest), digestOf("other") as StepId)).toBe(undefined);
    expect(parseManifest(formatManifest({ ...manifest, schema: 2 as 1 }), id)).toBe(undefined);
  });

  it("takes every flipped bit for a damage", () => {
    const bytes = new TextEncoder().encode(formatManifest(manifest));
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect([bit, parseManifest(new TextDecoder().decode(damaged), id)]).toEqual([bit, undefined]);
    }
  });

  it("takes every cut for a damage, and garbage too", () => {
    const text = formatManifest(manifest);
    for (let length = 0; length < text.length; length++) {
      expect(parseManifest(text.slice(0, length), id)).toBe(undefined);
    }
    for (const garbage of ["null", "[]", "{}", '{"schema":1}', "\0".repeat(500)]) {
      expect(parseManifest(garbage, id)).toBe(undefined);
    }
  });

  it("is JSON with an entry of the tree a line, the checksum first", () => {
    const text = formatManifest(manifest);
    expect(Object.keys(JSON.parse(text))[0]).toBe("checksum");
    expect(text.split("\n").filter((line) => line.startsWith("    [")).length).toBe(tree.length);
  });
});
