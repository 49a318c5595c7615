/**
 * Options that say what the main job builds.
 *
 * @module
 */
import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";
import { WEIGHTS } from "../recipes/model.ts";

/** Adds the choice of models, weights and runtime. */
// deno-lint-ignore no-explicit-any -- commander's types grow with every option and argument
export function jobOptions<Args extends any[], Values extends OptionValues>(command: Command<Args, Values>) {
  return command
    .option("-m, --model <name...>", "only these models")
    .addOption(
      new Option("--weights <kind>", "weights made from a seed, or those that the publisher offers")
        .choices(WEIGHTS).default("seeded" as const),
    )
    .addOption(
      new Option("--runtime <name>", "the backend with the project's patches, or as upstream left it")
        .choices(["vkforge", "stock"] as const).default("vkforge" as const),
    );
}
