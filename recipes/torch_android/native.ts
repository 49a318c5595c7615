/**
 * Torch for Android up to the native libraries: one step for the sources, one for each ABI.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Image, type Input, type Step } from "../../engine/mod.ts";
import { hostRuntime } from "../host_runtime/host_runtime.ts";
import type { AndroidMaterials } from "./materials.ts";
import { type Abi, type AbiOptions, abiOptions, type TorchAndroidOptions } from "./options.ts";
import { selectedOpsYaml } from "./selected_ops.ts";
import { type AndroidToolchain, androidToolchain } from "./toolchain.ts";

/** The steps of torch for Android. */
export interface TorchAndroid extends AndroidToolchain {
  readonly image: Image;
  /** `src`: PyTorch 1.13.1 with its submodules, the Vulkan backend of the host's runtime, and the patches for Android. */
  readonly source: Step;
  /** See {@linkcode abiOutputs}. */
  readonly abis: ReadonlyMap<Abi, Step>;
}

/** The graph up to the native libraries. */
export function torchAndroidSteps(materials: AndroidMaterials, options: TorchAndroidOptions): TorchAndroid {
  const toolchain = androidToolchain(materials);
  const source = sourceStep(materials);
  const parts = { image: materials.ndkR21e, ndk: toolchain.ndk, source };
  const abis = options.abis.map((abi): [Abi, Step] => [
    abi,
    abiStep(abi, {
      ...abiOptions(options, abi),
      ...parts,
      variant: options.variant,
      selectedOps: options.selectedOps,
    }),
  ]);
  return { ...toolchain, image: materials.ndkR21e, source, abis: new Map(abis) };
}

/**
 * What the step of an ABI makes, below `/out`:
 *
 * - `install/lib/*.a` and `install/include` as upstream's build_android.sh installs them, for the JNI library;
 * - `bin/speed_benchmark_torch`, and `bin/vkforge-runner`, which needs the full JIT;
 * - `shared/libc++_shared.so` with 16 KB pages, where the libraries share one.
 */
export function abiOutputs({ variant, stl }: Pick<AbiParts, "variant" | "stl">): string[] {
  return [
    "install/lib",
    "install/include",
    "bin/speed_benchmark_torch",
    ...(variant === "full" ? ["bin/vkforge-runner"] : []),
    ...(stl === "c++_shared" ? ["shared/libc++_shared.so"] : []),
  ];
}

/** All that decides the step of one ABI. */
export interface AbiParts extends AbiOptions {
  readonly image: Image;
  readonly ndk: Step;
  readonly source: Step;
  readonly variant: TorchAndroidOptions["variant"];
  readonly selectedOps?: readonly string[] | undefined;
}

/** Torch for one ABI: upstream's scripts/build_android.sh, then what it leaves open. */
export function abiStep(abi: Abi, parts: AbiParts): Step {
  const { variant, stl, selectedOps } = parts;
  return {
    name: `torch-android/${abi}`,
    image: parts.image,
    inputs: {
      source: { kind: "step", step: parts.source, path: "src" },
      ndk: { kind: "step", step: parts.ndk, path: "ndk" },
      runner: { kind: "files", folder: "runner", only: ["CMakeLists.txt", "src/"] },
      plugin: { kind: "files", folder: "recipes/host_runtime/plugin", only: ["src/"] },
      recipe: recipe(["build_torch.sh", "build_runner.sh", "check_ndk.sh", "collect.sh", "link_libcxx.sh"]),
    },
    environment: abiEnvironment(abi, parts),
    script: [
      ...(selectedOps === undefined
        ? []
        : [`cat > selected_ops.yaml << 'END'\n${selectedOpsYaml(selectedOps)}END`]),
      "bash /in/recipe/build_torch.sh",
      "bash /in/recipe/collect.sh",
      ...(variant === "full" ? ["bash /in/recipe/build_runner.sh"] : []),
      ...(stl === "c++_shared" ? ["bash /in/recipe/link_libcxx.sh"] : []),
    ].join("\n"),
    outputs: abiOutputs(parts),
    resources: {
      ...DEFAULT_RESOURCES,
      cpus: 16,
      memoryBytes: 16 * 2 ** 30,
      processes: 1024,
      timeoutMs: 12 * 60 * 60_000,
    },
  };
}

/** The variables that upstream's build_android.sh reads, and no others; paths are build_torch.sh's. */
export function abiEnvironment(
  abi: Abi,
  options: AbiOptions & Pick<AbiParts, "variant" | "selectedOps">,
): Record<string, string> {
  return {
    ANDROID_ABI: abi,
    BUILD_LITE_INTERPRETER: options.variant === "full" ? "0" : "1",
    USE_VULKAN: "1",
    // Upstream turns any value into ON, so what is off is not there.
    ...(options.fp16 ? { USE_VULKAN_FP16_INFERENCE: "1" } : {}),
    ...(options.relaxedPrecision ? { USE_VULKAN_RELAXED_PRECISION: "1" } : {}),
    ...(options.stl === "c++_shared" ? { ANDROID_STL_SHARED: "1" } : {}),
    ...(options.strip ? {} : { ANDROID_DEBUG_SYMBOLS: "1" }),
    ...(options.selectedOps === undefined
      ? {}
      : { SELECTED_OP_LIST: "/build/selected_ops.yaml", TRACING_BASED: "1" }),
    // version.txt of the tag says 1.13.0a0.
    PYTORCH_BUILD_VERSION: "1.13.1",
    PYTORCH_BUILD_NUMBER: "1",
  };
}

function sourceStep(materials: AndroidMaterials): Step {
  return {
    name: "torch-android/source",
    image: materials.ndkR21e,
    inputs: {
      pytorch: materials.source("pytorch-git", "pytorch.tar"),
      // The same backend as on the host: same patches, same operators.
      backend: { kind: "step", step: hostRuntime(materials, "vkforge").source, path: "src" },
      recipe: recipe(["source.sh", "patches/"]),
    },
    environment: {},
    script: "bash /in/recipe/source.sh",
    outputs: ["src"],
    resources: { ...DEFAULT_RESOURCES, timeoutMs: 30 * 60_000 },
  };
}

function recipe(only: readonly string[]): Input {
  return { kind: "files", folder: "recipes/torch_android", only };
}
