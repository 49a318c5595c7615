import { describe, expect, it } from "vitest";
import type { Digest } from "../engine/digest.ts";
import type { TreeEntry } from "../engine/tree/mod.ts";
import { programsOf } from "./_aar_lane.ts";

const file = (path: string): TreeEntry => ({
  kind: "file",
  path,
  executable: true,
  digest: "0".repeat(64) as Digest,
  sizeBytes: 1,
});

describe("programsOf()", () => {
  it("takes programs and the C++ library that they need, and puts them side by side", () => {
    const tree = [
      file("bin/speed_benchmark_torch"),
      file("bin/vkforge-runner"),
      file("install/lib/libtorch.a"),
      file("shared/libc++_shared.so"),
    ];
    expect(programsOf(tree).map(({ path }) => path)).toEqual([
      "speed_benchmark_torch",
      "vkforge-runner",
      "libc++_shared.so",
    ]);
  });

  it("leaves folders themselves out", () => {
    expect(programsOf([{ kind: "folder", path: "bin" }])).toEqual([]);
  });
});
