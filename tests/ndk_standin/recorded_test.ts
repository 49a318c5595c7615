import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { digestOf } from "../../engine/digest.ts";
import { abiEnvironment, parseTorchAndroidOptions } from "../../recipes/torch_android/mod.ts";
import { REPOSITORY } from "../fixtures/mini_engine.ts";
import { recordedSchema, type Recording, recordingOf } from "./recording.ts";
import { EVERY_OPTION } from "./standin.ts";

const recorded = recordedSchema.parse(
  JSON.parse(await Deno.readTextFile(join(import.meta.dirname ?? ".", "recorded.json"))),
);
const recording = recorded.configure;
const [configure, build] = recording.calls;
const options = parseTorchAndroidOptions({});

/** What CMake was told in a run; the last setting counts. */
function setting(name: string, run: Recording = recording): string | undefined {
  const prefix = `-D${name}=`;
  return run.calls[0]?.arguments.findLast((argument) => argument.startsWith(prefix))?.slice(prefix.length);
}

function flagsOf(path: string): readonly string[] {
  return recording.flags[path] ?? [];
}

describe("upstream's build_android.sh with the stand-in", () => {
  it("was run with the build_torch.sh that is here", async () => {
    const script = await Deno.readFile(join(REPOSITORY, "recipes/torch_android/build_torch.sh"));
    // Otherwise: deno run -A tests/ndk_standin/run.ts --record
    expect(recorded.buildTorch).toBe(digestOf(script));
  });

  it("calls CMake twice: to configure and to install", () => {
    expect(recording.calls).toHaveLength(2);
    expect(configure?.arguments[0]).toBe("/build/pytorch");
    expect(build?.arguments).toEqual(["--build", ".", "--target", "install", "--", "-jN"]);
  });

  it("gives CMake the recipe's variables and no PYTHONPATH", () => {
    expect(configure?.variables).toMatchObject(abiEnvironment("arm64-v8a", options));
    expect(configure?.variables).toMatchObject({
      ANDROID_NDK: "/in/ndk",
      BUILD_ROOT: "/build/build_android",
      PYTHON: "python3",
    });
    expect(Object.keys(configure?.variables ?? {})).not.toContain("PYTHONPATH");
  });

  it("has CMake make what was asked for", () => {
    const pages = "-Wl,-z,max-page-size=16384";
    for (
      const [name, value] of Object.entries({
        CMAKE_TOOLCHAIN_FILE: "/in/ndk/build/cmake/android.toolchain.cmake",
        ANDROID_ABI: "arm64-v8a",
        ANDROID_NATIVE_API_LEVEL: "21",
        ANDROID_STL: "c++_shared",
        ANDROID_TOOLCHAIN: "clang",
        BUILD_LITE_INTERPRETER: "OFF",
        USE_VULKAN: "ON",
        USE_LITE_INTERPRETER_PROFILER: "OFF",
        // Upstream's script turns it off; the recipe's argument comes later.
        BUILD_BINARY: "ON",
        CMAKE_SHARED_LINKER_FLAGS: pages,
        CMAKE_EXE_LINKER_FLAGS: pages,
        CMAKE_INSTALL_PREFIX: "/build/build_android/install",
      })
    ) {
      expect([name, setting(name)]).toEqual([name, value]);
    }
  });

  it("has CMake make the opposite where every option is turned", () => {
    const run = recorded.options;
    expect(run.calls[0]?.variables).toMatchObject(abiEnvironment("arm64-v8a", EVERY_OPTION));
    for (
      const [name, value] of Object.entries({
        ANDROID_STL: undefined,
        ANDROID_DEBUG_SYMBOLS: "1",
        BUILD_LITE_INTERPRETER: "ON",
        SELECTED_OP_LIST: "/build/selected_ops.yaml",
        TRACING_BASED: "ON",
        USE_VULKAN: "ON",
        USE_VULKAN_FP16_INFERENCE: "ON",
        USE_VULKAN_RELAXED_PRECISION: "ON",
      })
    ) {
      expect([name, setting(name, run)]).toEqual([name, value]);
    }
    const [convolution = []] = Object.values(run.flags).filter((flags) => flags.includes("-DUSE_VULKAN_API"));
    expect(convolution).toEqual(expect.arrayContaining([
      "-DUSE_VULKAN_FP16_INFERENCE",
      "-DUSE_VULKAN_RELAXED_PRECISION",
      "-DTRACING_BASED",
    ]));
    expect(convolution).not.toContain("-s");
  });

  it("compiles the whole backend, with the project's operators, against the NDK's Vulkan", () => {
    expect(recording.backend).toContain("ops/Convolution.cpp");
    expect(recording.backend.filter((name) => name.startsWith("ops/vkf_")).length).toBeGreaterThan(10);
    expect(flagsOf("aten/src/ATen/native/vulkan/ops/Convolution.cpp")).toEqual(expect.arrayContaining([
      "-DUSE_VULKAN_API",
      "-DUSE_VULKAN_WRAPPER",
      "-I/in/ndk/sources/third_party/vulkan/src/include",
      "-std=gnu++14",
    ]));
  });

  it("compiles for the device: optimised, without debug information, no path of the machine", () => {
    const all = Object.values(recording.flags).flat();
    expect(flagsOf("c10/core/Device.cpp")).toEqual(expect.arrayContaining(["-O2", "-s", "-DNDEBUG"]));
    expect(all.filter((flag) => /\/(home|root|tmp|work)\//.test(flag))).toEqual([]);
    expect(recording.files["binaries"]).toBe(3);
  });
});

describe("recordingOf()", () => {
  it("reads what bin/cmake writes, without the number of processors", () => {
    const calls = "call\nargument -DA=x\\,y\\ z\nargument -j16\nvariable JOBS=16\nvariable A=b=c\n";
    expect(recordingOf(calls, "[]").calls).toEqual([{
      arguments: ["-DA=x,y z", "-jN"],
      variables: { A: "b=c" },
    }]);
  });
});
