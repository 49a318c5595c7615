/**
 * Options that the commands share.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { RENDERER_NAMES } from "../ui/renderer.ts";

/** A command with the options that every command has. */
export function baseCommand(name: string, summary: string) {
  return new Command(`deno task ${name}`)
    .summary(summary)
    .description(summary)
    .option("--json", "print one JSON document on standard output")
    .option("-v, --verbose", "more: cached steps, output of steps, causes of errors")
    .addOption(
      new Option("--log-format <name>", "how progress is shown on standard error")
        .choices(["auto", ...RENDERER_NAMES] as const).default("auto" as const),
    );
}

/** A command that reads the graph. */
export function graphCommand(name: string, summary: string) {
  return baseCommand(name, summary)
    .option("--offline", "take nothing from the network")
    .option("--frozen", "fail where a locked package is gone, instead of taking the nearest version")
    .addOption(
      new Option("--engine <name>", "sandbox to use").choices(["auto", "docker", "bwrap"] as const).default(
        "auto" as const,
      ),
    )
    .option(
      "-j, --jobs <count>",
      "steps and processors to use at one time",
      positiveInteger,
      availableParallelism(),
    )
    .option("--mirror <place...>", "folder or URL to look for sources first");
}

/** Parses an option's value as a whole number above zero. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError("It must be a whole number above zero.");
  }
  return value;
}

/** Parses an option's value as a whole number of 32 bits, zero included. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > 0xffff_ffff) {
    throw new InvalidArgumentError("It must be a whole number from 0 to 4294967295.");
  }
  return Number(text);
}

/** Values of the options that every command has. */
export interface BaseValues {
  readonly json?: true | undefined;
  readonly verbose?: true | undefined;
  readonly logFormat: "auto" | typeof RENDERER_NAMES[number];
}

/** Values of the options of commands that read the graph. */
export interface GraphValues extends BaseValues {
  readonly offline?: true | undefined;
  readonly frozen?: true | undefined;
  readonly engine: "auto" | "docker" | "bwrap";
  readonly jobs: number;
  readonly mirror?: string[] | undefined;
}
