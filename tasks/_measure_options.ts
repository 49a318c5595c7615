/**
 * Options that say how much is measured.
 *
 * @module
 */
import { join } from "node:path";
import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";
import { type EffortName, EFFORTS } from "../measure/effort.ts";
import { inputShape } from "./_model_files.ts";
import { positiveInteger, wholeNumber } from "./_options.ts";
import { REPOSITORY } from "./_session.ts";

/** Values of the options that say how much is measured, and where results go. An alias: commander asks for an index type. */
export type MeasureValues = {
  readonly input?: ReturnType<typeof inputShape> | undefined;
  readonly effort: EffortName;
  readonly iterations?: number | undefined;
  readonly warmup?: number | undefined;
  readonly replicates?: number | undefined;
  readonly seed?: number | undefined;
  readonly results: string;
};

/** Adds the input's shape, the effort with its parts, the seed, and the folder of results. */
// deno-lint-ignore no-explicit-any -- as commander has it
export function measureOptions<Args extends any[], Values extends OptionValues>(
  command: Command<Args, Values>,
): Command<Args, Values & MeasureValues> {
  command
    .option("--input <shape>", "of the file that --model names, once for each input", inputShape)
    .addOption(
      new Option("--effort <name>", "how many processes and inferences, see docs/measuring.md")
        .choices(EFFORTS).default("quick" as const),
    )
    .option(
      "--iterations <count>",
      "measured inferences per process, however long they take",
      positiveInteger,
    )
    .option("--warmup <count>", "inferences before them", positiveInteger)
    .option("--replicates <count>", "fresh processes per arm", positiveInteger)
    .option("--seed <number>", "of the order in which processes run, to repeat one", wholeNumber)
    .addOption(
      new Option("--results <folder>", "where result folders go").default(
        join(REPOSITORY, "results"),
        "results/",
      ),
    );
  return command as unknown as Command<Args, Values & MeasureValues>;
}
