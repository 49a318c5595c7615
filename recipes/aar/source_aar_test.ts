import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { inOrder } from "../../engine/mod.ts";
import { loadProject } from "../project.ts";
import { GRADLE_LOCK_PATH, gradleDependencies, readGradleLock } from "../torch_android/java/gradle/mod.ts";
import { loadAndroidMaterials, parseTorchAndroidOptions, torchAndroidSteps } from "../torch_android/mod.ts";
import { sourceLane } from "./source_aar.ts";

const REPOSITORY = join(import.meta.dirname ?? ".", "..", "..");
const host = denoHost();
const materials = await loadAndroidMaterials(host, await loadProject(host, REPOSITORY));
const dependencies = gradleDependencies(materials, readGradleLock(host, join(REPOSITORY, GRADLE_LOCK_PATH)));

function laneOf(request: unknown, { version = "1.13.1", group = "com.example" } = {}) {
  const options = parseTorchAndroidOptions(request);
  const native = torchAndroidSteps(materials, options);
  return sourceLane(materials, { version, group, options, native, dependencies });
}

describe("sourceLane()", () => {
  it("publishes full JIT and lite interpreter under different coordinates", () => {
    const names = (variant: string) =>
      laneOf({ variant }).aars.map(({ artifact, version }) => `${artifact}:${version}`);
    expect(names("full")).toEqual([
      "pytorch_android:1.13.1-vkforge",
      "pytorch_android_torchvision:1.13.1-vkforge",
    ]);
    expect(names("lite")).toEqual([
      "pytorch_android_lite:1.13.1-vkforge",
      "pytorch_android_torchvision_lite:1.13.1-vkforge",
    ]);
  });

  it("gives Gradle what CMake was given", () => {
    const { java } = laneOf({ abis: ["x86", "arm64-v8a"], variant: "lite", stl: "c++_static", strip: false });
    expect(java.environment).toEqual({
      ABIS: "arm64-v8a,x86",
      VARIANT: "lite",
      STL: "c++_static",
      STRIP: "false",
    });
    expect(Object.keys(java.inputs)).toEqual(expect.arrayContaining(["abi/arm64-v8a", "abi/x86"]));
  });

  it("makes torchvision depend on its own PyTorch, by the group it is published under and as an AAR", () => {
    const { repository } = laneOf({}, { group: "org.acme" });
    expect(repository.script).toContain('"group": "org.acme",\n     "artifact": "pytorch_android"');
    expect(repository.script).toContain('"type": "aar"');
  });

  it("builds nothing anew for another group but the repository", () => {
    const [one, other] = ["a", "b"].map((group) => laneOf({}, { group }));
    expect(one?.normalised).toEqual(other?.normalised);
    expect(one?.repository).not.toEqual(other?.repository);
  });

  it("has a step of its own for each ABI, and one name for each step", () => {
    const names = inOrder([laneOf({ abis: ["arm64-v8a", "x86_64"] }).repository]).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(["torch-android/arm64-v8a", "torch-android/x86_64"]));
  });

  it("refuses ABIs that Gradle cannot link alike", () => {
    const abis = ["arm64-v8a", "x86"];
    expect(() => laneOf({ abis, perAbi: { x86: { stl: "c++_static" } } })).toThrow(
      expect.objectContaining({
        code: "usage",
        message: 'Cannot pack one AAR with "stl" c++_shared for arm64-v8a and c++_static for x86',
      }),
    );
    expect(() => laneOf({ abis, perAbi: { x86: { fp16: true } } })).not.toThrow();
  });

  it("refuses another version of PyTorch, and says where it may be had", () => {
    expect(() => laneOf({}, { version: "2.1.0" })).toThrow(
      expect.objectContaining({ code: "source-gone", hint: expect.stringContaining("--from maven") }),
    );
  });
});
