/**
 * Options that say what the main job builds.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option, type OptionValues } from "@commander-js/extra-typings";
import type { Runtime } from "../recipes/host_runtime/host_runtime.ts";
import { type SizeChoice, WEIGHTS, type Weights } from "../recipes/model.ts";
import { DEFAULT_SAMPLES } from "../recipes/project.ts";
import { positiveInteger } from "./_options.ts";

/** Values of the options that say what the main job builds. */
export interface JobValues {
  readonly model?: string[] | undefined;
  readonly weights: Weights;
  readonly runtime: Runtime;
  readonly size: SizeChoice;
  readonly samples: number;
}

/**
 * Adds the choice of models, weights, runtime, size and inputs.
 *
 * The result's type is written down: what commander infers grows with every option and argument until the
 * compiler needs minutes.
 */
// deno-lint-ignore no-explicit-any -- as commander has it
export function jobOptions<Args extends any[], Values extends OptionValues>(
  command: Command<Args, Values>,
): Command<Args, Values & JobValues> {
  command
    .option("-m, --model <name...>", "only these models; a TorchScript file where --input is an option")
    .addOption(
      new Option("--weights <kind>", "weights made from a seed, or those that the publisher offers")
        .choices(WEIGHTS).default("seeded" as const),
    )
    .addOption(
      new Option(
        "--runtime <name>",
        "the backend with the project's patches, as upstream left it, or all of torch from source (hours)",
      ).choices(["vkforge", "stock", "source"] as const).default("vkforge" as const),
    )
    .option(
      "--size <size>",
      "of the pictures: quick, full, or HEIGHTxWIDTH",
      sizeChoice,
      "quick" as SizeChoice,
    )
    .option("--samples <count>", "different inputs for each model", positiveInteger, DEFAULT_SAMPLES);
  return command as unknown as Command<Args, Values & JobValues>;
}

function sizeChoice(text: string): SizeChoice {
  if (text === "quick" || text === "full") return text;
  const [, height, width] = /^([1-9]\d{0,4})(?:x([1-9]\d{0,4}))?$/.exec(text) ?? [];
  if (height === undefined) {
    throw new InvalidArgumentError("Give quick, full, a number of pixels or HEIGHTxWIDTH.");
  }
  return { height: Number(height), width: Number(width ?? height) };
}
