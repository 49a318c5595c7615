import { compareArms } from "./compare_arms.ts";
import { deviceOf, sameDevice } from "./device.ts";
import { latencyOf, startupOf } from "./latency.ts";
import type { RunnerFailure, SucceededRun } from "./runner_result.ts";
import type { Arm, CheckName, Device, Failure, ModelResult, ParityEntry, Result, Run } from "./schema.ts";

/** What was measured of one model, before it is judged. */
export interface MeasuredModel extends Pick<ModelResult, "name" | "title" | "weights" | "inputs"> {
  readonly arms: readonly MeasuredArm[];
  readonly parity: readonly ParityEntry[];
}

/** The processes of one arm, before statistics. */
export type MeasuredArm = Omit<Arm, "latency" | "startup">;

/** What must hold besides the tolerances. */
export interface JudgeOptions {
  /** Part of the device's name, any case; a Vulkan arm that ran elsewhere fails. */
  readonly expectDevice?: string;
  /** A driver in software fails: somebody asked for a GPU. */
  readonly expectHardware?: boolean;
}

/**
 * Judges one model. It is ok only if every process of every arm succeeded, every output of every Vulkan arm was
 * compared and lies within its tolerance, repeated inferences gave the same bytes, and the expected device did the work.
 * What was not measured counts as failed, never as passed.
 */
export function judgeModel(measured: MeasuredModel, options: JudgeOptions = {}): ModelResult {
  const arms = measured.arms.map((arm): Arm => {
    const startup = startupOf(arm.runs);
    return { ...arm, latency: latencyOf(arm.runs), ...(startup === null ? {} : { startup }) };
  });
  const failures = [
    ...arms.flatMap(runFailures),
    ...deviceFailures(arms, options),
    ...parityFailures(arms, measured.parity),
    ...arms.flatMap(determinismFailures),
    ...repetitionFailures(arms),
  ];
  return { ...measured, arms, parity: [...measured.parity], ok: failures.length === 0, failures };
}

/** A result without what follows from its other parts. */
export type UnjudgedResult = Omit<Result, "schema" | "ok" | "device">;

/**
 * Adds device, comparisons of the arms, and verdict: ok only if the run is complete, has at least one model, and every model is ok.
 */
export function judgeResult(unjudged: UnjudgedResult): Result {
  const { complete } = unjudged;
  const models = compareArms(unjudged.models);
  const ok = complete && models.length > 0 && models.every((model) => model.ok);
  const device = models.flatMap((model) => devicesOf(model.arms))[0] ?? null;
  return { ...unjudged, models, schema: 1, ok, device };
}

/** The devices of the Vulkan processes, in run order. */
export function devicesOf(arms: readonly MeasuredArm[]): Device[] {
  return vulkanArms(arms).flatMap((arm) =>
    arm.runs.flatMap(({ runner }) => runner.device ? [deviceOf(runner.device)] : [])
  );
}

/** The processes of an arm that gave measurements. */
export function succeededRuns(arm: { readonly runs: readonly Run[] }): SucceededRun[] {
  return arm.runs.flatMap(({ runner }) => runner.ok ? [runner] : []);
}

function runFailures(arm: MeasuredArm): Failure[] {
  if (arm.runs.length === 0) {
    return [{
      check: "run",
      arm: arm.name,
      code: "not-run",
      message: `The model was not run on ${arm.name}`,
    }];
  }
  const failures = arm.runs.flatMap(({ runner }) => runner.ok ? [] : [runner.failure]);
  const distinct = new Map<string, { failure: RunnerFailure; count: number }>();
  for (const failure of failures) {
    const key = JSON.stringify([failure.code, failure.message]);
    distinct.set(key, { failure, count: (distinct.get(key)?.count ?? 0) + 1 });
  }
  return [...distinct.values()].map(({ failure: { code, message, hint }, count }) => ({
    check: checkOf(code),
    arm: arm.name,
    code,
    message: arm.runs.length === 1 ? message : `${message} (${count} of ${arm.runs.length} processes)`,
    ...(hint ? { hint } : {}),
  }));
}

function checkOf(code: RunnerFailure["code"]): CheckName {
  switch (code) {
    case "usage":
    case "bad-input":
    case "load-failed":
      return "load";
    case "wrong-device":
      return "device";
    default:
      return "run";
  }
}

function deviceFailures(
  arms: readonly MeasuredArm[],
  { expectDevice, expectHardware = false }: JudgeOptions,
): Failure[] {
  const missing = vulkanArms(arms).filter((arm) => succeededRuns(arm).some((run) => run.device === null));
  const devices = devicesOf(arms);
  const first = devices[0];
  const failures: Failure[] = missing.map((arm) => ({
    check: "device",
    arm: arm.name,
    code: "no-device",
    message: "The run does not say which Vulkan device it used",
  }));
  const changed = first && devices.find((device) => !sameDevice(device, first));
  if (first && changed) {
    failures.push({
      check: "device",
      code: "device-changed",
      message: `Processes ran on different devices: "${first.name}" (${first.driver}) and ` +
        `"${changed.name}" (${changed.driver})`,
    });
  }
  const wrong = expectDevice !== undefined &&
    devices.find((device) => !device.name.toLowerCase().includes(expectDevice.toLowerCase()));
  if (wrong) {
    failures.push({
      check: "device",
      code: "wrong-device",
      message: `The model ran on "${wrong.name}", not on "${expectDevice}"`,
      hint: "Give the loader exactly one driver: VK_DRIVER_FILES and VK_ICD_FILENAMES",
    });
  }
  const software = expectHardware && devices.find((device) => device.software);
  if (software) {
    failures.push({
      check: "device",
      code: "wrong-device",
      message: `The model ran on "${software.name}", a driver in software, not on a GPU`,
      hint: "Set VK_DRIVER_FILES to the manifest of the GPU's Vulkan driver",
    });
  }
  return failures;
}

function parityFailures(arms: readonly MeasuredArm[], parity: readonly ParityEntry[]): Failure[] {
  const failed = parity.filter((entry) => !entry.ok).map((entry): Failure => ({
    check: "parity",
    arm: entry.arm,
    code: "parity",
    message: `"${entry.output}" on ${processName(entry)} against ${entry.reference}: ${
      entry.reasons.join("; ")
    }`,
  }));
  const unseen = vulkanArms(arms).flatMap((arm) =>
    outputNames(arm)
      .filter((name) => !parity.some((entry) => entry.arm === arm.name && entry.output === name))
      .map((name): Failure => ({
        check: "parity",
        arm: arm.name,
        code: "not-compared",
        message: `"${name}" on ${arm.name} was not compared with anything`,
      }))
  );
  const silent = vulkanArms(arms).filter((arm) =>
    succeededRuns(arm).length > 0 && outputNames(arm).length === 0
  );
  return [
    ...failed,
    ...unseen,
    ...silent.map((arm): Failure => ({
      check: "parity",
      arm: arm.name,
      code: "not-compared",
      message: `The model gave no outputs on ${arm.name}`,
    })),
  ];
}

function processName({ arm, replicate }: ParityEntry): string {
  return replicate === undefined ? arm : `${arm}, process ${replicate}`;
}

function determinismFailures(arm: MeasuredArm): Failure[] {
  const runs = succeededRuns(arm);
  const failures: Failure[] = [];
  if (runs.some((run) => !run.outputsIdentical)) {
    failures.push({
      check: "determinism",
      arm: arm.name,
      code: "not-deterministic",
      message: `Iterations of one process gave different outputs on ${arm.name}`,
    });
  }
  for (const name of outputNames(arm)) {
    const digests = new Set(
      runs.map((run) => run.outputs.find((output) => output.name === name)?.sha256 ?? ""),
    );
    if (digests.size > 1) {
      failures.push({
        check: "determinism",
        arm: arm.name,
        code: "not-deterministic",
        message:
          `"${name}" has ${digests.size} different contents over ${runs.length} processes on ${arm.name}`,
      });
    }
  }
  return failures;
}

/** Vulkan arms that ran on the same input must agree: each is a process of its own. */
function repetitionFailures(arms: readonly MeasuredArm[]): Failure[] {
  const groups = Map.groupBy(vulkanArms(arms), ({ sample = 0 }) => sample);
  return [...groups.values()].flatMap(([first, ...others]) =>
    others.flatMap((other) =>
      outputNames(other).filter((name) => {
        const digests = [first!, other].map((arm) => firstDigest(arm, name));
        return digests[0] !== undefined && digests[0] !== digests[1];
      }).map((name): Failure => ({
        check: "determinism",
        arm: other.name,
        code: "not-deterministic",
        message: `"${name}" differs between a process of ${first!.name} and one of ${other.name}`,
      }))
    )
  );
}

function firstDigest(arm: MeasuredArm, output: string): string | undefined {
  return succeededRuns(arm)[0]?.outputs.find(({ name }) => name === output)?.sha256;
}

function outputNames(arm: MeasuredArm): string[] {
  return [...new Set(succeededRuns(arm).flatMap((run) => run.outputs.map((output) => output.name)))];
}

function vulkanArms(arms: readonly MeasuredArm[]): MeasuredArm[] {
  return arms.filter((arm) => arm.backend === "vulkan");
}
