/**
 * The truth table as steps: one for each family of cases, driver and runtime, so that a changed family runs alone.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Input, type Step } from "../../engine/mod.ts";
import type { SoftwareDriver } from "../drivers/driver.ts";
import type { HostRuntime, Runtime } from "../host_runtime/host_runtime.ts";

/** The families of `models/ops/cases/`; a test compares them with the folder. */
export const FAMILIES = [
  "convolution",
  "elementwise",
  "matrix",
  "network",
  "reduction",
  "shape",
  "spatial",
] as const;

/** One of {@linkcode FAMILIES}. */
export type Family = typeof FAMILIES[number];

/** What runs the cases; families beside it, and networks' blocks, which only one family needs. */
const RUNNER_FILES = [
  "ops/__init__.py",
  "ops/case.py",
  "ops/collect.py",
  "ops/compare.py",
  "ops/evaluate.py",
  "ops/pool.py",
  "ops/run.py",
  "ops/verdict.py",
  "ops/worker.py",
  // Helpers of cases have names that begin with "_".
  "ops/cases/_",
];

/** The Python files that a family's rows depend on. */
export function familyFiles(families: readonly Family[]): Input {
  return {
    kind: "files",
    folder: "models",
    only: [
      ...RUNNER_FILES,
      ...families.map((family) => `ops/cases/${family}.py`),
      ...(families.includes("network") ? ["ops/blocks/"] : []),
    ],
  };
}

/** What {@linkcode opsTableStep} runs. */
export interface OpsTableOptions {
  readonly family: Family;
  readonly driver: SoftwareDriver;
  readonly runtimeName: Runtime;
  readonly runtime: HostRuntime;
}

/** `table.json`: the verdict of each row of a family. Wrong rows do not fail the step: they are what it tells. */
export function opsTableStep({ family, driver, runtimeName, runtime }: OpsTableOptions): Step {
  return {
    name: `ops-table/${driver.name}/${runtimeName}/${family}`,
    image: driver.image,
    inputs: {
      models: familyFiles([family]),
      plugin: { kind: "step", step: runtime.plugin, path: "lib" },
      ...driver.inputs,
    },
    environment: driver.environment,
    script: [
      "export PYTHONPATH=/in/models PYTHONDONTWRITEBYTECODE=1 OMP_WAIT_POLICY=passive",
      "exec python3 -m ops.run --plugin /in/plugin/libvkforge_vulkan.so --report-only " +
      `--only ${family} --workers "\${JOBS:-1}" --output /out/table.json`,
    ].join("\n"),
    outputs: ["table.json"],
    resources: { ...DEFAULT_RESOURCES, cpus: 2, memoryBytes: 6 * 2 ** 30, timeoutMs: 60 * 60_000 },
  };
}
