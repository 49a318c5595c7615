import { describe, expect, it } from "vitest";
import { readTexts, rootsOf } from "./texts.ts";

function textsOf(...texts: readonly string[]) {
  const bytes = new TextEncoder().encode(texts.join("\0"));
  return readTexts(bytes, [{ name: ".rodata", offset: 0, sizeBytes: bytes.length }]);
}

describe("readTexts()", () => {
  it("finds operators and sources of the Vulkan backend once", () => {
    const texts = textsOf(
      "vulkan_prepack::conv2d_clamp_run(Tensor X) -> Tensor",
      "vulkan_prepack::conv2d_clamp_run",
      "assert at /b/aten/src/ATen/native/vulkan/ops/Concat.cpp:9",
      "aten::add",
    );
    expect(texts.vulkanOps).toEqual(["vulkan_prepack::conv2d_clamp_run"]);
    expect(texts.vulkanSources).toEqual(["ops/Concat.cpp"]);
  });

  it("finds paths of sources on the machine that built it", () => {
    const { hostPaths } = textsOf("/home/me/torch/a.cpp", 'at "/home/me/b.h":3', "C:\\src\\x\\c.cc");
    expect(hostPaths).toEqual(["/home/me/b.h", "/home/me/torch/a.cpp", "C:\\src\\x\\c.cc"]);
  });

  it("leaves alone what is opened at run time, and relative paths", () => {
    expect(
      textsOf("/proc/self/maps", "/data/local/tmp/x.so", "../aten/src/a.cpp", "https://a.b/c/d.py").hostPaths,
    )
      .toEqual([]);
  });
});

describe("rootsOf()", () => {
  it("tells the machine's folders once", () => {
    expect(rootsOf(["/home/me/a/x.c", "/home/me/b/y.c", "/buildbot/src/z.c"])).toEqual([
      "/buildbot/src",
      "/home/me",
    ]);
  });
});
