import { describe, expect, it } from "vitest";
import { type Digest, digestOf, type StepId } from "../digest.ts";
import type { Manifest } from "../store/mod.ts";
import { toTree, treeDigest } from "../tree/mod.ts";
import { configOf, formatArtifact, layersOf, neededBlobs, parseArtifact } from "./artifact.ts";

const MEBIBYTE = 2 ** 20;

/** A step that made files of these sizes; equal names of content are equal content. */
function stepOf(files: Readonly<Record<string, readonly [content: string, sizeBytes: number]>>): Manifest {
  const tree = toTree(
    Object.entries(files).map(([path, [content, sizeBytes]]) => ({
      ...{ kind: "file" as const, path, digest: digestOf(content), sizeBytes },
      executable: path.endsWith(".sh"),
    })),
  );
  const inputs = { name: "step" };
  const log = { digest: digestOf("log"), sizeBytes: 10 };
  const id = digestOf("id") as StepId;
  return {
    schema: 1,
    id,
    kind: "step",
    name: "step",
    inputs,
    tree,
    treeDigest: treeDigest(tree),
    log,
    durationMs: 1,
  };
}

describe("neededBlobs()", () => {
  it("names each blob once, with the ways the store keeps it", () => {
    const blobs = neededBlobs(stepOf({ "a": ["same", 5], "b.sh": ["same", 5], "c": ["other", 7] }));
    expect(blobs).toHaveLength(3);
    expect(blobs.find(({ digest }) => digest === digestOf("same"))?.executable).toEqual([false, true]);
  });

  it("refuses a blob of two sizes", () => {
    expect(() => neededBlobs(stepOf({ "a": ["same", 5], "b": ["same", 6] }))).toThrow("two sizes");
  });
});

describe("layersOf()", () => {
  it("gives large files a layer each, joins small ones, and leaves out empty ones", () => {
    const layers = layersOf(stepOf({
      large: ["large", MEBIBYTE],
      again: ["large", MEBIBYTE],
      small: ["small", MEBIBYTE - 1],
      tiny: ["tiny", 1],
      empty: ["", 0],
    }));
    expect(layers.map(({ sizeBytes, blobs }) => [sizeBytes, blobs.length])).toEqual([
      [MEBIBYTE, 1],
      // With the log.
      [MEBIBYTE + 10, 3],
    ]);
    const digests = layers[1]?.blobs.map(({ digest }) => digest) ?? [];
    expect(digests).toEqual(digests.toSorted());
  });

  it("begins another pack before one has more than 64 MiB", () => {
    const files = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`file-${index}`, [`${index}`, MEBIBYTE - 100] as const]),
    );
    const sizes = layersOf(stepOf(files)).map(({ sizeBytes }) => sizeBytes);
    expect(sizes.length).toBe(4);
    expect(sizes.every((size) => size <= 64 * MEBIBYTE)).toBe(true);
  });
});

describe("formatArtifact()", () => {
  const step = stepOf({ large: ["large", MEBIBYTE], small: ["small", 3] });
  const digests: Digest[] = [digestOf("large"), digestOf("pack")];

  it("writes the same bytes for the same step, and what parseArtifact() reads", () => {
    const bytes = formatArtifact(step, digests);
    expect(formatArtifact({ ...step }, digests)).toEqual(bytes);
    const { config, layers, tree } = parseArtifact(bytes);
    expect([config, tree]).toEqual([configOf(step).descriptor, step.treeDigest]);
    expect(layers.map(({ digest, sizeBytes }) => [digest, sizeBytes])).toEqual([
      [digests[0], MEBIBYTE],
      [digests[1], 13],
    ]);
  });

  it("is a manifest as the OCI image specification 1.1 has it", () => {
    const oci = JSON.parse(new TextDecoder().decode(formatArtifact(step, digests)));
    expect(oci).toMatchObject({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      artifactType: "application/vnd.vkforge.step.v1",
      config: { mediaType: "application/vnd.vkforge.manifest.v1+json" },
      annotations: { "org.opencontainers.image.title": "step", "vkforge.step": step.id },
    });
  });
});
