/**
 * Options that say which AARs are built, and from what.
 *
 * @module
 */
import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";

/** Where AARs come from. */
export const AAR_ORIGINS = ["source", "maven"] as const;

/** Values of the options that say which AARs are built. */
export interface AarValues {
  readonly from: typeof AAR_ORIGINS[number];
  readonly version: string;
  readonly group: string;
  readonly abi?: string[] | undefined;
  readonly lite?: true | undefined;
  readonly fp16?: true | undefined;
  readonly relaxedPrecision?: true | undefined;
  readonly stl?: string | undefined;
  /** False with --no-strip. */
  readonly strip: boolean;
  readonly ops?: string | undefined;
}

/** Adds the choice of origin, version, group, and of what is compiled. The result's type is written down, as in _job_options.ts. */
// deno-lint-ignore no-explicit-any -- as commander has it
export function aarOptions<Args extends any[], Values extends OptionValues>(
  command: Command<Args, Values>,
): Command<Args, Values & AarValues> {
  command
    .addOption(
      new Option("--from <place>", "AARs: compile them, or take the official ones of Maven Central")
        .choices(AAR_ORIGINS).default("source" as const),
    )
    .option("--version <version>", "AARs: of PyTorch", "1.13.1")
    .option("--group <name>", "AARs: group of the modules in the repository", "vkforge")
    .option("--abi <name...>", "AARs from source: for these ABIs; arm64-v8a if left out")
    .option("--lite", "AARs from source: the lite interpreter in place of the full JIT")
    .option("--fp16", "AARs from source: Vulkan tensors hold 16-bit floats")
    .option("--relaxed-precision", "AARs from source: shaders compute with mediump")
    .option("--stl <name>", "AARs from source: c++_shared or c++_static")
    .option("--no-strip", "AARs from source: keep symbols and debug information")
    .option("--ops <file>", "AARs from source: only the operators that a file lists, one a line");
  return command as unknown as Command<Args, Values & AarValues>;
}
