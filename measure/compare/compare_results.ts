import { MeasureError } from "../error.ts";
import { plural } from "../format.ts";
import { mainArms } from "../headline.ts";
import type { Arm, ModelResult, Result } from "../schema.ts";
import { processMedians } from "./groups.ts";
import { compareGroups, type Comparison, judgeComparisons, type JudgedComparison } from "./verdict.ts";

/** One arm of one model, before and after. */
export interface ArmComparison extends JudgedComparison {
  readonly model: string;
  readonly arm: string;
  readonly backend: Arm["backend"];
  /**
   * What the rerun says of a slowdown: it is there again, or not. Absent where there is no slowdown or no rerun.
   */
  readonly confirmed?: boolean;
}

/** Two results compared. */
export interface ResultComparison {
  readonly before: string;
  readonly after: string;
  readonly arms: readonly ArmComparison[];
  /** What a reader should know: other devices, models that only one of them has. */
  readonly notes: readonly string[];
  /** Slowdowns that no rerun contradicts. */
  readonly regressions: readonly ArmComparison[];
  /** Whether there is at least one verdict and no regression. */
  readonly ok: boolean;
}

/** A second pair of results of the same two things. */
export interface Rerun {
  readonly before: Result;
  readonly after: Result;
}

/**
 * Compares two results, arm by arm: the times of the processes of `before` with those of `after`.
 *
 * @throws {MeasureError} `not-comparable` if they have no model in common that was made from the same weights for the
 * same inputs
 */
export function compareResults(before: Result, after: Result, rerun?: Rerun): ResultComparison {
  const first = compareOnce(before, after);
  const again = rerun === undefined ? undefined : compareOnce(rerun.before, rerun.after);
  const arms = first.arms.map((one) => withRerun(one, again?.arms));
  const regressions = arms.filter((one) => one.verdict === "slower" && one.confirmed !== false);
  return {
    before: before.id,
    after: after.id,
    arms,
    notes: [...first.notes, ...(again === undefined ? [] : again.notes.map((note) => `Rerun: ${note}`))],
    regressions,
    ok: regressions.length === 0 && arms.some(({ verdict }) => verdict !== "invalid"),
  };
}

function withRerun(one: ArmComparison, again: readonly ArmComparison[] | undefined): ArmComparison {
  if (one.verdict !== "slower" || again === undefined) return one;
  const second = again.find(({ model, arm }) => model === one.model && arm === one.arm);
  return { ...one, confirmed: second?.verdict === "slower" };
}

function compareOnce(before: Result, after: Result) {
  const pairs = before.models.flatMap((model) => {
    const other = after.models.find(({ name }) => name === model.name);
    return other === undefined ? [] : [{ model, other }];
  });
  refuseOthers(before, after, pairs);
  const compared = pairs.flatMap(({ model, other }) => compareModel(model, other));
  const arms: ArmComparison[] = judgeComparisons(compared);
  return { arms, notes: notesOn(before, after) };
}

/** The arms that a table has room for: the fastest CPU arm of each side, and the Vulkan arm. */
function compareModel(before: ModelResult, after: ModelResult) {
  const [first, second] = [mainArms(before), mainArms(after)];
  return (["cpu", "vulkan"] as const).flatMap((backend) => {
    const [one, other] = [first[backend], second[backend]];
    if (one === undefined || other === undefined) return [];
    const comparison = compareGroups({ before: processMedians(one), after: processMedians(other) });
    return [{ ...refuseFailed(comparison, before, after), model: before.name, arm: one.name, backend }];
  });
}

/** Times of a model with wrong numbers are no times of that model. */
function refuseFailed(comparison: Comparison, before: ModelResult, after: ModelResult): Comparison {
  const failed = [!before.ok && "before", !after.ok && "after"].filter((side) => side !== false);
  if (failed.length === 0) return comparison;
  return {
    ...comparison,
    interval: null,
    p: null,
    invalid: `The model failed its checks ${failed.join(" and ")}`,
  };
}

function refuseOthers(
  before: Result,
  after: Result,
  pairs: ReadonlyArray<{ readonly model: ModelResult; readonly other: ModelResult }>,
): void {
  const what = `Cannot compare "${before.id}" with "${after.id}"`;
  if (pairs.length === 0) {
    throw new MeasureError("not-comparable", `${what}: they have no model in common`, {
      hint: `The first has ${namesOf(before)}, the second ${namesOf(after)}`,
    });
  }
  for (const option of ["weights", "size"]) {
    const [one, other] = [before.options[option], after.options[option]];
    if (one === other) continue;
    throw new MeasureError(
      "not-comparable",
      `${what}: ${option} is ${one ?? "not given"} and ${other ?? "not given"}`,
      {
        hint: `Measure both with the same --${option}`,
      },
    );
  }
  const moved = pairs.find(({ model, other }) => {
    const [one, two] = [inputsOf(model), inputsOf(other)];
    return one !== undefined && two !== undefined && one !== two;
  });
  if (moved !== undefined) {
    throw new MeasureError("not-comparable", `${what}: "${moved.model.name}" ran on other inputs in each`, {
      hint: "Measure both with the same --size, or the same --input",
    });
  }
  const changed = pairs.find(({ model, other }) => {
    const [one, two] = [cpuModel(model), cpuModel(other)];
    return one !== undefined && two !== undefined && one !== two;
  });
  if (changed !== undefined) {
    throw new MeasureError("not-comparable", `${what}: "${changed.model.name}" is another model in each`, {
      hint:
        "Its file for the CPU has other bytes: another definition, other weights, or another version of torch",
    });
  }
}

/** The bytes of the inputs; a result of an early version does not tell. */
function inputsOf({ inputs }: ModelResult): string | undefined {
  return inputs?.map(({ name, sha256 }) => `${name} ${sha256}`).join("\n");
}

function cpuModel(model: ModelResult): string | undefined {
  const runs = model.arms.filter(({ backend }) => backend === "cpu").flatMap(({ runs }) => runs);
  return runs.map(({ runner }) => runner.model?.sha256).find((sha256) => sha256 !== undefined);
}

function notesOn(before: Result, after: Result): string[] {
  const notes: string[] = [];
  const [one, other] = [deviceText(before), deviceText(after)];
  if (one !== other) notes.push(`Other devices: ${one} and ${other}`);
  if (before.environment.cpu.model !== after.environment.cpu.model) {
    notes.push(`Other processors: ${before.environment.cpu.model} and ${after.environment.cpu.model}`);
  }
  const names = new Set(after.models.map(({ name }) => name));
  const missing = before.models.filter(({ name }) => !names.has(name));
  if (missing.length > 0) {
    notes.push(
      `${plural(missing.length, "model")} not in the second: ${missing.map(({ name }) => name).join(", ")}`,
    );
  }
  for (const result of [before, after]) {
    if (!result.complete) notes.push(`Incomplete: ${result.id}`);
    if (result.device?.software) notes.push(`${result.id} ran on Vulkan in software: no times of a GPU`);
  }
  return notes;
}

function deviceText({ device, target }: Result): string {
  return device === null ? target.name : `${device.name}, ${device.driver}`;
}

function namesOf({ models }: Result): string {
  return models.length === 0 ? "none" : models.map(({ name }) => name).join(", ");
}
