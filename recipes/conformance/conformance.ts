/**
 * Upstream's own tests of the Vulkan backend: built against a runtime, run on a driver.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Step } from "../../engine/mod.ts";
import type { SoftwareDriver } from "../drivers/driver.ts";
import type { HostRuntime, Runtime } from "../host_runtime/host_runtime.ts";
import type { Materials } from "../materials.ts";

/** A runtime under its name. */
export interface NamedRuntime {
  readonly name: Runtime;
  readonly runtime: HostRuntime;
}

/** How often, and from which seed on. */
export interface ConformanceOptions {
  readonly runs: number;
  readonly seed: number;
  /** Also the tests that upstream disabled. */
  readonly disabled: boolean;
}

/** `bin/vulkan_api_test` and `bin/vulkan_quantized_api_test`. */
export function conformanceBinaries(materials: Materials, { name, runtime }: NamedRuntime): Step {
  return {
    name: `conformance/build/${name}`,
    image: materials.vulkanSdk,
    inputs: {
      src: { kind: "step", step: runtime.source, path: "src" },
      plugin: { kind: "step", step: runtime.plugin, path: "lib" },
      recipe: { kind: "files", folder: "recipes/conformance", only: ["build.sh", "main.cpp"] },
    },
    environment: {},
    script: "bash /in/recipe/build.sh",
    outputs: ["bin/vulkan_api_test", "bin/vulkan_quantized_api_test"],
    resources: { ...DEFAULT_RESOURCES, cpus: 2, memoryBytes: 5 * 2 ** 30, timeoutMs: 30 * 60_000 },
  };
}

/** Words for `run_tests.py` behind the folders. */
export function conformanceArguments({ runs, seed, disabled }: ConformanceOptions): string[] {
  return ["--runs", String(runs), "--seed", String(seed), ...(disabled ? ["--disabled"] : [])];
}

/** `summary.json` and `junit.xml`. Tests that fail do not fail the step: they are what it tells. */
export function conformanceStep(
  binaries: Step,
  run: {
    readonly driver: SoftwareDriver;
    readonly named: NamedRuntime;
    readonly options: ConformanceOptions;
  },
): Step {
  const { driver, named, options } = run;
  return {
    name: `conformance/${driver.name}/${named.name}`,
    image: driver.image,
    inputs: {
      binaries: { kind: "step", step: binaries, path: "bin" },
      plugin: { kind: "step", step: named.runtime.plugin, path: "lib" },
      recipe: { kind: "files", folder: "recipes/conformance", only: ["run_tests.py"] },
      ...driver.inputs,
    },
    environment: driver.environment,
    script: "python3 -B /in/recipe/run_tests.py --binaries /in/binaries --plugin /in/plugin --output /out " +
      conformanceArguments(options).join(" "),
    outputs: ["summary.json", "junit.xml"],
    resources: { ...DEFAULT_RESOURCES, cpus: 2, memoryBytes: 5 * 2 ** 30, timeoutMs: 3 * 60 * 60_000 },
  };
}
