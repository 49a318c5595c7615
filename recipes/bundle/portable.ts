/**
 * The runner for a platform.
 *
 * @module
 */
import type { Host } from "../../engine/mod.ts";
import type { HostRuntime } from "../host_runtime/host_runtime.ts";
import type { Project } from "../project.ts";
import {
  ABIS,
  loadAndroidMaterials,
  parseTorchAndroidOptions,
  torchAndroidSteps,
} from "../torch_android/mod.ts";
import { linuxRuntime, type Platform, type PortableRuntime } from "./runtime.ts";

/** What {@linkcode portableRuntime} chooses from. */
export interface PortableRequest {
  /** The platforms that the device runs programs for, the one to prefer first. */
  readonly platforms: readonly Platform[];
  /** The runtime of this machine's kind. */
  readonly runtime: HostRuntime;
}

/** For messages: what there are runners for. */
export const PORTABLE_PLATFORMS = `Linux on x86_64 and Android on ${ABIS.join(", ")}`;

/** The runner for the first of the platforms that there is one for. */
export async function portableRuntime(
  host: Host,
  project: Project,
  { platforms, runtime }: PortableRequest,
): Promise<PortableRuntime | undefined> {
  for (const platform of platforms) {
    if (platform.libc === "glibc" && platform.abi === "x86_64") {
      return linuxRuntime(project.materials, runtime);
    }
    const abi = ABIS.find((name) => name === platform.abi);
    if (platform.libc !== "bionic" || abi === undefined) continue;
    const materials = await loadAndroidMaterials(host, project);
    // The whole JIT, as the models need it.
    const step = torchAndroidSteps(materials, parseTorchAndroidOptions({ abis: [abi], variant: "full" })).abis
      .get(abi);
    if (step !== undefined) return { platform, step };
  }
  return undefined;
}
