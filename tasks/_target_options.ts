/**
 * Options of the commands that look at any part of the graph.
 *
 * @module
 */
import type { Command, OptionValues } from "@commander-js/extra-typings";
import { aarOptions, type AarValues } from "./_aar_options.ts";
import { jobOptions, type JobValues } from "./_job_options.ts";

/** Adds what may be chosen about the main job and about the AARs. */
// deno-lint-ignore no-explicit-any -- as commander has it
export function targetOptions<Args extends any[], Values extends OptionValues>(
  command: Command<Args, Values>,
): Command<Args, Values & JobValues & AarValues> {
  jobOptions(command);
  aarOptions(command);
  return command as unknown as Command<Args, Values & JobValues & AarValues>;
}
