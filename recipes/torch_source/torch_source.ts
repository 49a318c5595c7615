/**
 * `--runtime source`: torch itself with USE_VULKAN=ON, from PyTorch's source archive. It takes hours; it shows that the
 * plug-in for a stock libtorch does what the real thing does. See docs/source-runtime.md.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Input, type Step } from "../../engine/mod.ts";
import type { HostRuntime } from "../host_runtime/host_runtime.ts";
import type { Materials } from "../materials.ts";

/** Packages of headers that the source archive leaves out of third_party; names in the lock, too. */
export const HEADER_PACKAGES = [
  "libcpuinfo-dev",
  "libeigen3-dev",
  "libflatbuffers-dev",
  "libfmt-dev",
  "libfp16-dev",
  "libfxdiv-dev",
  "libpsimd-dev",
  "libpthreadpool-dev",
  "libxnnpack-dev",
] as const;

/** NumPy's source archive, for the one file pocketfft_hdronly.h; name in the lock. */
export const POCKETFFT_SOURCE = "numpy";

/**
 * A runtime whose `plugin` is all of torch, under the plug-in's name.
 *
 * @param plugged the runtime whose backend it takes: patches and operators are the same
 */
export function sourceRuntime(materials: Materials, plugged: HostRuntime): HostRuntime {
  const image = materials.vulkanSdk;
  const recipe: Input = { kind: "files", folder: "recipes/torch_source" };
  const torch: Step = {
    name: "source-runtime/torch",
    image,
    inputs: {
      pytorch: materials.source("pytorch", "pytorch.tar.xz"),
      numpy: materials.source(POCKETFFT_SOURCE, "numpy.tar.gz"),
      ...Object.fromEntries(
        HEADER_PACKAGES.map((name) => [`packages-${name}`, materials.source(name, `${name}.deb`)]),
      ),
      backend: { kind: "step", step: plugged.source, path: "src" },
      plugin: { kind: "files", folder: "recipes/host_runtime/plugin", only: ["src/"] },
      recipe: { ...recipe, only: RECIPE_FILES },
    },
    environment: {},
    script: "bash /in/recipe/build.sh",
    outputs: ["lib/libvkforge_vulkan.so", "include"],
    resources: {
      ...DEFAULT_RESOURCES,
      // All there are: nothing else of a job takes as long.
      cpus: 16,
      // The precompiled header takes 0.4 GB in each of two compilers, a group of files up to 2 GB.
      memoryBytes: 8 * 2 ** 30,
      timeoutMs: 12 * 60 * 60_000,
    },
  };
  const runner: Step = {
    name: "source-runtime/runner",
    image,
    inputs: {
      runner: { kind: "files", folder: "runner", only: ["CMakeLists.txt", "src/"] },
      torch: { kind: "step", step: torch },
      recipe: { ...recipe, only: ["runner.sh"] },
    },
    environment: {},
    script: "bash /in/recipe/runner.sh",
    outputs: ["bin/vkforge-runner"],
    resources: { ...DEFAULT_RESOURCES, memoryBytes: 3 * 2 ** 30 },
  };
  return { source: plugged.source, plugin: torch, runner };
}

/** What the build of torch reads; a changed runner.sh or this file does not build it again. */
const RECIPE_FILES = [
  "ActivityType.h",
  "build.sh",
  "link.sh",
  "patches/",
  "precompiled.h",
  "prepare.sh",
  "unity.cmake",
  "unity_apart.txt",
];
