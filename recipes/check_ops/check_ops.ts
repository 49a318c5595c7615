/**
 * What Vulkan makes of each operator of a TorchScript file, as a step. It needs the image alone: no driver, no backend.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Step } from "../../engine/mod.ts";
import type { PluginRuntime } from "../host_runtime/host_runtime.ts";
import type { Materials } from "../materials.ts";
import type { UserModel } from "../user_model.ts";

/** Name of the mended file in the step's output. */
export const MENDED_FILE = "mended.pt";

/** What {@linkcode checkOpsStep} looks at. */
export interface CheckOpsOptions {
  readonly model: UserModel;
  /** Shapes of the inputs, in order. */
  readonly inputs: ReadonlyArray<readonly number[]>;
  readonly runtime: PluginRuntime;
  /** Whether the mended file is made too. */
  readonly fix: boolean;
}

/** `check.json`, and with `fix` a folder with the mended file. Faults do not fail the step: they are what it tells. */
export function checkOpsStep(materials: Materials, options: CheckOpsOptions): Step {
  const { model, inputs, runtime, fix } = options;
  const words = [
    ...["--model", `/in/model/${model.fileName}`],
    ...inputs.flatMap((shape) => ["--input", shape.join(",")]),
    ...["--runtime", runtime],
    ...(fix ? ["--fix"] : []),
    ...["--out", "/out/check"],
  ];
  return {
    name: `check-ops/${runtime}`,
    image: materials.vulkanSdk,
    inputs: {
      models: {
        kind: "files",
        folder: "models",
        only: ["graph/", "rewrites/", "convert/__init__.py", "convert/errors.py", "convert/tensor_file.py"],
      },
      model: model.input,
    },
    environment: {},
    script: [
      "export PYTHONPATH=/in/models PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore",
      `exec python3 -m graph.check ${words.join(" ")}`,
    ].join("\n"),
    outputs: ["check"],
    resources: { ...DEFAULT_RESOURCES, memoryBytes: 6 * 2 ** 30 },
  };
}
