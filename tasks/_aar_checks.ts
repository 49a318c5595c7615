/**
 * Names of checks on the command line.
 *
 * @module
 */
import { CHECKS } from "../aar/mod.ts";
import { EngineError } from "../engine/mod.ts";

/**
 * The names of `--allow`, given one by one or with commas between.
 *
 * @throws {EngineError} "usage" for one that is no check
 */
export function checkNames(words: readonly string[]): string[] {
  const names = words.flatMap((word) => word.split(","));
  const unknown = names.find((name) => !CHECKS.some((check) => check.name === name));
  if (unknown === undefined) return names;
  throw new EngineError("usage", `Unknown check "${unknown}"`, {
    hint: `Checks are: ${CHECKS.map(({ name }) => name).join(", ")}`,
  });
}
