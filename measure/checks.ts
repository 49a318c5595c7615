import { devicesOf, succeededRuns } from "./judge.ts";
import type { Arm, CheckName, Failure, ModelResult } from "./schema.ts";

/** One line of a model's verdict. */
export interface Check {
  readonly name: CheckName;
  /** Set for checks made once per arm. */
  readonly arm?: string;
  /** For people: "run on vulkan". */
  readonly title: string;
  readonly status: "passed" | "failed" | "skipped";
  readonly failures: readonly Failure[];
  /** Why it was skipped. */
  readonly reason?: string;
  /** Time the model spent in what is checked, where that has a meaning. */
  readonly durationMs?: number;
}

/** The checks of a model in the order they are made; what an earlier failure made impossible is skipped. */
export function checksOf(model: ModelResult): Check[] {
  return [
    loadCheck(model),
    ...model.arms.map((arm) => runCheck(model, arm)),
    check(model, "device", devicesOf(model.arms).length === 0 && "no Vulkan run got as far as a device"),
    check(model, "parity", model.parity.length === 0 && "there were no outputs to compare"),
    check(
      model,
      "determinism",
      model.arms.some((arm) => succeededRuns(arm).length === 0) && "not every arm gave outputs",
    ),
  ];
}

function loadCheck(model: ModelResult): Check {
  const loadMs = model.arms.flatMap((arm) => arm.runs.map(({ runner }) => runner.loadMs ?? 0));
  return {
    ...check(model, "load", model.arms.every((arm) => arm.runs.length === 0) && "nothing was run"),
    durationMs: loadMs.reduce((sum, ms) => sum + ms, 0),
  };
}

function runCheck(model: ModelResult, arm: Arm): Check {
  const mine = { ...model, failures: model.failures.filter((failure) => failure.arm === arm.name) };
  const earlier = mine.failures.some((failure) => failure.check === "load" || failure.check === "device");
  const inferences = succeededRuns(arm).flatMap((run) => [run.firstRun, ...run.samples]);
  return {
    ...check(
      mine,
      "run",
      earlier && inferences.length === 0 && "it could not be loaded, or not on the right device",
    ),
    arm: arm.name,
    title: `run on ${arm.name}`,
    durationMs: inferences.reduce((sum, inference) => sum + inference.totalMs, 0),
  };
}

function check(model: ModelResult, name: CheckName, skip: string | false): Check {
  const failures = model.failures.filter((failure) => failure.check === name);
  if (failures.length > 0) return { name, title: name, status: "failed", failures };
  if (skip !== false) return { name, title: name, status: "skipped", failures, reason: skip };
  return { name, title: name, status: "passed", failures };
}
