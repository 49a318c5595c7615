/**
 * The runner with all that it needs, for machines that have nothing of the image.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Step } from "../../engine/mod.ts";
import type { HostRuntime } from "../host_runtime/host_runtime.ts";
import type { Materials } from "../materials.ts";

/** What a program needs of the machine it runs on: for which processor and with which C library it was made. */
export interface Platform {
  /** As `uname -m` says it, or Android's name of an ABI. */
  readonly abi: string;
  /** Programs for "glibc" bring their own loader; those for "bionic" use Android's. */
  readonly libc: "glibc" | "bionic";
}

/**
 * A runner that can be taken elsewhere. The step's output is the top of a bundle: `bin/vkforge-runner`,
 * `bin/libvkforge_vulkan.so` where the backend is a plug-in, `lib/`, and for glibc `libc/`.
 */
export interface PortableRuntime {
  readonly platform: Platform;
  readonly step: Step;
}

/** A runtime with a plug-in, with its libraries: for every Linux on x86-64, whatever its own C library. */
export function linuxRuntime(materials: Materials, runtime: HostRuntime): PortableRuntime {
  const suffix = runtime.plugin.name.replace("host-runtime/plugin", "");
  return {
    platform: { abi: "x86_64", libc: "glibc" },
    step: {
      name: `bundle/linux-x86_64${suffix}`,
      image: materials.vulkanSdk,
      inputs: {
        runner: { kind: "step", step: runtime.runner, path: "bin" },
        plugin: { kind: "step", step: runtime.plugin, path: "lib" },
        recipe: { kind: "files", folder: "recipes/bundle", only: ["runtime.sh"] },
      },
      environment: {},
      script: "bash /in/recipe/runtime.sh",
      outputs: ["bin", "lib", "libc"],
      resources: DEFAULT_RESOURCES,
    },
  };
}
