/**
 * What can be compared: results of the same models, made from the same weights, on the same inputs.
 *
 * @module
 */
import { MeasureError } from "../error.ts";
import type { ModelResult, Result } from "../schema.ts";

/** A second pair of results of the same two things. */
export interface Rerun {
  readonly before: Result;
  readonly after: Result;
}

/** A model that two results have in common. */
export interface ModelPair {
  readonly model: ModelResult;
  readonly other: ModelResult;
}

/**
 * The models that two results have in common.
 *
 * @throws {MeasureError} `not-comparable` if there is none, or one was made from other weights or ran on other inputs
 */
export function comparableModels(before: Result, after: Result): ModelPair[] {
  const pairs = before.models.flatMap((model) => {
    const other = after.models.find(({ name }) => name === model.name);
    return other === undefined ? [] : [{ model, other }];
  });
  refuseOthers(before, after, pairs);
  return pairs;
}

/**
 * Passes if results are what they are given for: the same two things, measured once more.
 *
 * @throws {MeasureError} `not-comparable`
 */
export function assertRerun(before: Result, after: Result, rerun: Rerun): void {
  const ids = [before, after, rerun.before, rerun.after].map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new MeasureError("not-comparable", `Cannot take "${twice}" twice`, {
      hint: "A rerun is both measured once more: four results in all",
    });
  }
  for (const [first, again] of [[before, rerun.before], [after, rerun.after]] as const) {
    comparableModels(first, again);
    const changed = otherDigest(first, again);
    if (changed === undefined) continue;
    const what = `Cannot take "${again.id}" for a rerun of "${first.id}"`;
    throw new MeasureError(
      "not-comparable",
      `${what}: ${changed.role} "${changed.name}" is another in each`,
      {
        hint: "Measure the same build once more; give --again in the order of the two results before it",
      },
    );
  }
}

/** Something that took part in both with other bytes. */
function otherDigest(first: Result, again: Result): Result["digests"][number] | undefined {
  return first.digests.find(({ role, name, sha256 }) =>
    again.digests.some((other) => other.role === role && other.name === name && other.sha256 !== sha256)
  );
}

function refuseOthers(
  before: Result,
  after: Result,
  pairs: readonly ModelPair[],
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

function namesOf({ models }: Result): string {
  return models.length === 0 ? "none" : models.map(({ name }) => name).join(", ");
}
