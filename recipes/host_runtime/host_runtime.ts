/**
 * The Vulkan backend for a stock libtorch, and the program that runs models on it.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Input, type Step } from "../../engine/mod.ts";
import type { Materials } from "../materials.ts";

/**
 * "vkforge": the backend with the project's patches and operators; "stock": as upstream left it, for comparison;
 * "source": torch itself built with the backend (recipes/torch_source).
 */
export type Runtime = PluginRuntime | "source";

/** Those with a plug-in for a stock libtorch. */
export type PluginRuntime = "vkforge" | "stock";

/** The steps of a host runtime. */
export interface HostRuntime {
  /** `src`: the backend's source, patched. */
  readonly source: Step;
  /** `lib/libvkforge_vulkan.so`. */
  readonly plugin: Step;
  /** `bin/vkforge-runner`. */
  readonly runner: Step;
}

/** What the project changes in the backend: patches to upstream's files, and operators of its own. */
const OUR_BACKEND: Readonly<Record<string, Input>> = {
  patches: { kind: "files", folder: "recipes/patches/vulkan" },
  ops: { kind: "files", folder: "recipes/vulkan_ops", only: ["glsl/", "ops/"] },
};

/** The host runtime with a plug-in, as a graph. */
export function hostRuntime(materials: Materials, runtime: PluginRuntime): HostRuntime {
  const suffix = runtime === "vkforge" ? "" : `-${runtime}`;
  const { vulkanSdk } = materials;
  const source: Step = {
    name: `host-runtime/source${suffix}`,
    image: vulkanSdk,
    inputs: {
      pytorch: materials.source("pytorch", "pytorch.tar.xz"),
      recipe: script("source.sh"),
      ...(runtime === "stock" ? {} : OUR_BACKEND),
    },
    environment: {},
    script: "bash /in/recipe/source.sh",
    outputs: ["src"],
    resources: DEFAULT_RESOURCES,
  };
  const plugin: Step = {
    name: `host-runtime/plugin${suffix}`,
    image: vulkanSdk,
    inputs: {
      src: { kind: "step", step: source, path: "src" },
      plugin: { kind: "files", folder: "recipes/host_runtime/plugin" },
      recipe: script("plugin.sh"),
    },
    environment: {},
    script: "bash /in/recipe/plugin.sh",
    outputs: ["lib/libvkforge_vulkan.so"],
    resources: { ...DEFAULT_RESOURCES, cpus: 2, memoryBytes: 4 * 2 ** 30 },
  };
  const runner: Step = {
    name: "runner",
    image: vulkanSdk,
    inputs: {
      runner: { kind: "files", folder: "runner", only: ["CMakeLists.txt", "src/"] },
      recipe: script("runner.sh"),
    },
    environment: {},
    script: "bash /in/recipe/runner.sh",
    outputs: ["bin/vkforge-runner"],
    resources: { ...DEFAULT_RESOURCES, memoryBytes: 3 * 2 ** 30 },
  };
  return { source, plugin, runner };
}

function script(name: string): Input {
  return { kind: "files", folder: "recipes/host_runtime", only: [name] };
}
