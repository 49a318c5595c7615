import { describe, expect, it } from "vitest";
import { diagnose, FAILURES } from "./diagnose.ts";

describe("diagnose()", () => {
  for (const failure of FAILURES) {
    it(`knows "${failure.id}" by its line, and nothing else in it`, () => {
      const log = `[1/3] doing this\n${failure.example}\nninja: build stopped: subcommand failed.\n`;
      expect(diagnose(log).map((diagnosis) => diagnosis.id)).toEqual([failure.id]);
    });
  }

  it("finds nothing in the log of a build that works", () => {
    const log = `
-- VULKAN_INCLUDE_DIR:/opt/ndk/sources/third_party/vulkan/src/include
[1/9] Building CXX object caffe2/CMakeFiles/torch_cpu.dir/__/torch/csrc/jit/codegen/onednn/interface.cpp.o
[2/9] Building CXX object CMakeFiles/VulkanWrapper.dir/opt/ndk/sources/third_party/vulkan/src/common/vulkan_wrapper.cpp.o
[3/9] Building CXX object caffe2/CMakeFiles/torch_cpu.dir/__/aten/src/ATen/native/vulkan/glsl.cpp.o
Download https://repo.maven.apache.org/maven2/com/facebook/soloader/nativeloader/0.10.4/nativeloader-0.10.4.pom
[ RUN      ] VulkanAPITest.cat_dim1_samefeature_success
[       OK ] VulkanAPITest.batch_norm_small (3 ms)
test exited with exit code 0
`;
    expect(diagnose(log)).toEqual([]);
  });

  it("says where, in the order of the log", () => {
    const log =
      "start\nVkResult:-5 here\nmore\n  bwrap: setting up uid map: Permission denied\nVkResult:-5 again\n";
    expect(diagnose(log).map(({ id, line, lineNumber }) => ({ id, line, lineNumber }))).toEqual([
      { id: "memory-map-failed", line: "VkResult:-5 here", lineNumber: 2 },
      { id: "user-namespaces", line: "bwrap: setting up uid map: Permission denied", lineNumber: 4 },
    ]);
  });

  it("reads logs with colours", () => {
    const log =
      "\x1b[01m\x1b[Kc++:\x1b[m\x1b[K \x1b[01;31m\x1b[Kfatal error: \x1b[m\x1b[KKilled signal terminated program cc1plus";
    expect(diagnose(log).map((diagnosis) => diagnosis.id)).toEqual(["compiler-killed"]);
  });

  it("does not take one VkResult for another", () => {
    expect(diagnose("VkResult:-59")).toEqual([]);
    expect(diagnose("Expected VK_SUCCESS, got VkResult of -2")[0]?.id).toBe("out-of-device-memory");
    expect(diagnose("Expected VK_SUCCESS, got VkResult of -9")[0]?.id).toBe("no-vulkan-device");
  });

  it("takes little time on a large log", () => {
    const line =
      "[12/34] g++ -O2 -DUSE_VULKAN -c aten/src/ATen/native/vulkan/ops/Convolution.cpp could not jcenter\n";
    const log = line.repeat(100_000);
    const started = performance.now();
    expect(diagnose(log)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it("takes little time on a line without end", () => {
    const started = performance.now();
    diagnose("Could not ".repeat(100_000));
    diagnose(" ".repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe("FAILURES", () => {
  it("has every id once", () => {
    const ids = FAILURES.map((failure) => failure.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("has sentences without a full stop where one is added", () => {
    for (const { fix, since, title } of FAILURES) {
      for (const text of [fix, since, title]) expect(text).not.toMatch(/[.\s]$/);
    }
  });

  it("refers to a page, or to a file of the project", () => {
    for (const { reference } of FAILURES) {
      if (reference.startsWith("https://")) expect(URL.canParse(reference)).toBe(true);
      else expect(Deno.statSync(new URL(`../../${reference}`, import.meta.url)).isFile).toBe(true);
    }
  });

  it("has symptoms without state", () => {
    for (const { symptom } of FAILURES) expect(symptom.flags).not.toMatch(/[gy]/);
  });
});
