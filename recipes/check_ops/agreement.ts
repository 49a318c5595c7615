/**
 * How often check-ops is right of whole modules: its verdicts beside what the truth table measured.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Step } from "../../engine/mod.ts";
import { swiftshaderDriver } from "../drivers/driver.ts";
import { hostRuntime, type PluginRuntime } from "../host_runtime/host_runtime.ts";
import type { Materials } from "../materials.ts";
import { familyFiles, opsTableStep } from "../ops_table/ops_table.ts";

/** Prints the rate to `log`; fails if a verdict of a module is not what was measured on SwiftShader. */
export function agreementStep(materials: Materials, runtimeName: PluginRuntime): Step {
  const table = opsTableStep({
    family: "network",
    driver: swiftshaderDriver(materials),
    runtimeName,
    runtime: hostRuntime(materials, runtimeName),
  });
  const runner = familyFiles(["network"]);
  const only = runner.kind === "files" ? runner.only ?? [] : [];
  return {
    name: `check/check-ops/${runtimeName}`,
    image: materials.vulkanSdk,
    inputs: {
      models: {
        kind: "files",
        folder: "models",
        only: [
          ...only,
          "graph/",
          "rewrites/",
          "convert/__init__.py",
          "convert/errors.py",
          "convert/tensor_file.py",
        ],
      },
      table: { kind: "step", step: table },
    },
    environment: {},
    script: [
      "export PYTHONPATH=/in/models PYTHONDONTWRITEBYTECODE=1",
      `python3 -m graph.agreement --table /in/table/table.json --runtime ${runtimeName} | tee /out/log`,
    ].join("\n"),
    outputs: ["log"],
    resources: { ...DEFAULT_RESOURCES, memoryBytes: 4 * 2 ** 30 },
  };
}
