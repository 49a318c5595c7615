/**
 * Upstream's own tests of the Vulkan backend: built against a runtime, run on a driver.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Step } from "../../engine/mod.ts";
import type { SoftwareDriver } from "../drivers/mod.ts";
import type { HostRuntime, PluginRuntime } from "../host_runtime/host_runtime.ts";
import type { Materials } from "../materials.ts";

/** A runtime under its name. */
export interface NamedRuntime {
  readonly name: PluginRuntime;
  readonly runtime: HostRuntime;
}

/** How often, and from which seed on. */
export interface ConformanceOptions {
  readonly runs: number;
  readonly seed: number;
  /** Also the tests that upstream disabled. */
  readonly disabled: boolean;
}

/** What {@linkcode conformanceSteps} runs. */
export interface ConformanceRun {
  readonly driver: SoftwareDriver;
  readonly named: NamedRuntime;
  readonly options: ConformanceOptions;
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
    resources: { ...DEFAULT_RESOURCES, cpus: 2, memoryBytes: 5 * 2 ** 30, timeoutMs: 60 * 60_000 },
  };
}

/** Tests of `run_tests.py` itself: what tells that a test failed must not fail unseen. */
export function conformanceSelfTest({ vulkanSdk }: Materials): Step {
  return {
    name: "conformance/self-test",
    image: vulkanSdk,
    inputs: {
      recipe: { kind: "files", folder: "recipes/conformance", only: ["run_tests.py", "run_tests_test.py"] },
    },
    environment: {},
    script:
      "(cd /in/recipe && python3 -B -m unittest run_tests_test) 2>&1 | sed 's/ in [0-9.]*s$//' | tee /out/log",
    outputs: ["log"],
    resources: DEFAULT_RESOURCES,
  };
}

/** Words for `run_tests.py` behind the folders. */
export function conformanceArguments({ runs, seed, disabled }: ConformanceOptions): string[] {
  return ["--runs", String(runs), "--seed", String(seed), ...(disabled ? ["--disabled"] : [])];
}

/**
 * `records.json` of each run: a step for each seed, so that more runs add to those that were made. Tests that fail
 * do not fail the step: they are what it tells.
 */
export function conformanceSteps(binaries: Step, { driver, named, options }: ConformanceRun): Step[] {
  const { runs, seed: first, disabled } = options;
  return Array.from({ length: runs }, (_, i) => first + i).map((seed) => ({
    name: `conformance/${driver.name}/${named.name}${disabled ? "-disabled" : ""}/seed-${seed}`,
    image: driver.image,
    inputs: {
      binaries: { kind: "step", step: binaries, path: "bin" },
      plugin: { kind: "step", step: named.runtime.plugin, path: "lib" },
      recipe: { kind: "files", folder: "recipes/conformance", only: ["run_tests.py"] },
      ...driver.inputs,
    },
    environment: driver.environment,
    script: "python3 -B /in/recipe/run_tests.py --binaries /in/binaries --plugin /in/plugin --output /out " +
      conformanceArguments({ runs: 1, seed, disabled }).join(" "),
    outputs: ["records.json"],
    resources: { ...DEFAULT_RESOURCES, memoryBytes: 4 * 2 ** 30, timeoutMs: 2 * 60 * 60_000 },
  }));
}
