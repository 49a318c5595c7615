import { describe, expect, it } from "vitest";
import { denoHost } from "../../engine/deno_host.ts";
import { fingerprint } from "../../engine/graph/mod.ts";
import { inOrder, type Step } from "../../engine/mod.ts";
import { REPOSITORY } from "../../tests/fixtures/mini_engine.ts";
import { loadProject } from "../project.ts";
import {
  type Abi,
  ABIS,
  loadAndroidMaterials,
  parseTorchAndroidOptions,
  type TorchAndroid,
  type TorchAndroidRequest,
  torchAndroidSteps,
} from "./mod.ts";

const host = denoHost();
const project = await loadProject(host, REPOSITORY);
const materials = await loadAndroidMaterials(host, project);

function steps(request: TorchAndroidRequest = {}): TorchAndroid {
  return torchAndroidSteps(materials, parseTorchAndroidOptions(request));
}

function abiStep(request: TorchAndroidRequest, abi: Abi = "arm64-v8a"): Step {
  const step = steps(request).abis.get(abi);
  if (step === undefined) throw new Error(`no step for ${abi}`);
  return step;
}

/** Ids by the names of steps. */
function ids(request: TorchAndroidRequest): Map<string, string> {
  const targets = [...steps(request).abis.values()];
  return new Map(
    fingerprint(targets, { host, repository: REPOSITORY }).map(({ step, id }) => [step.name, id]),
  );
}

/** Names of steps whose ids differ. */
function changed(one: TorchAndroidRequest, other: TorchAndroidRequest): string[] {
  const [before, after] = [ids(one), ids(other)];
  return [...after].flatMap(([name, id]) => before.get(name) === id ? [] : [name]);
}

describe("torchAndroidSteps()", () => {
  it("has one step for each ABI, and one for the sources of all", () => {
    const { abis, source, ndk } = steps({ abis: [...ABIS] });
    expect([...abis.values()].map(({ name }) => name)).toEqual(ABIS.map((abi) => `torch-android/${abi}`));
    expect(inOrder([...abis.values()]).map(({ name }) => name)).toEqual([
      "host-runtime/source",
      "torch-android/source",
      "torch-android/ndk",
      ...ABIS.map((abi) => `torch-android/${abi}`),
    ]);
    for (const step of abis.values()) {
      expect(step.inputs["source"]).toEqual({ kind: "step", step: source, path: "src" });
      expect(step.inputs["ndk"]).toEqual({ kind: "step", step: ndk, path: "ndk" });
    }
  });

  it("takes the backend that the host's runtime has", () => {
    const { backend } = steps().source.inputs;
    expect(backend?.kind === "step" ? backend.step.name : undefined).toBe("host-runtime/source");
  });

  it("builds an ABI anew for its own option, and no other", () => {
    const all = { abis: [...ABIS] };
    for (
      const own of [{ fp16: true }, { stl: "c++_static" }, { strip: false }, {
        relaxedPrecision: true,
      }] as const
    ) {
      expect(changed(all, { ...all, perAbi: { x86: own } })).toEqual(["torch-android/x86"]);
    }
    expect(changed({ abis: ["x86"] }, { abis: ["x86", "x86_64"] })).toEqual(["torch-android/x86_64"]);
  });

  it("builds every ABI anew for an option of all, from the same sources", () => {
    const abis = [...ABIS];
    const every = ABIS.map((abi) => `torch-android/${abi}`);
    expect(changed({ abis }, { abis, variant: "lite" })).toEqual(every);
    expect(changed({ abis }, { abis, selectedOps: ["aten::relu"] })).toEqual(every);
  });

  it("hands upstream's script its variables: what is off is not there", () => {
    expect(abiStep({}).environment).toEqual({
      ANDROID_ABI: "arm64-v8a",
      ANDROID_STL_SHARED: "1",
      BUILD_LITE_INTERPRETER: "0",
      PYTORCH_BUILD_NUMBER: "1",
      PYTORCH_BUILD_VERSION: "1.13.1",
      USE_VULKAN: "1",
    });
    const other = abiStep({
      variant: "lite",
      fp16: true,
      relaxedPrecision: true,
      stl: "c++_static",
      strip: false,
      selectedOps: ["aten::relu"],
    });
    expect(other.environment).toEqual({
      ANDROID_ABI: "arm64-v8a",
      ANDROID_DEBUG_SYMBOLS: "1",
      BUILD_LITE_INTERPRETER: "1",
      PYTORCH_BUILD_NUMBER: "1",
      PYTORCH_BUILD_VERSION: "1.13.1",
      SELECTED_OP_LIST: "/build/selected_ops.yaml",
      TRACING_BASED: "1",
      USE_VULKAN: "1",
      USE_VULKAN_FP16_INFERENCE: "1",
      USE_VULKAN_RELAXED_PRECISION: "1",
    });
  });

  it("makes the runner where there is a JIT, and a C++ library where one is shared", () => {
    expect(abiStep({}).outputs).toEqual([
      "install/lib",
      "install/include",
      "bin/speed_benchmark_torch",
      "bin/vkforge-runner",
      "shared/libc++_shared.so",
    ]);
    const lite = abiStep({ variant: "lite", stl: "c++_static" });
    expect(lite.outputs).toEqual(["install/lib", "install/include", "bin/speed_benchmark_torch"]);
    expect(lite.script).not.toContain("build_runner");
    expect(lite.script).not.toContain("link_libcxx");
  });

  it("gives a list of operators to torchgen", () => {
    const { script } = abiStep({ selectedOps: ["aten::relu"] });
    const [, text = ""] = /<< 'END'\n(.*)END\n/s.exec(script) ?? [];
    expect(JSON.parse(text).operators["aten::relu"]).toMatchObject({ is_root_operator: true });
  });
});

describe("the recipe's files", () => {
  it("are all read by some step", () => {
    const { ndk, sdk, gradle, source, abis } = steps();
    const read = [ndk, sdk, gradle, source, ...abis.values()].flatMap(({ inputs }) => {
      const { recipe } = inputs;
      return recipe?.kind === "files" ? recipe.only ?? [] : [];
    });
    const scripts = [...Deno.readDirSync(`${REPOSITORY}/recipes/torch_android`)]
      .map(({ name }) => name).filter((name) => name.endsWith(".sh"));
    // check_jdk.sh is for the step that runs Gradle.
    expect(scripts.filter((name) => !read.includes(name))).toEqual(["check_jdk.sh"]);
  });
});
