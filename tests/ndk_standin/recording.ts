/**
 * What CMake was called with and what it made of it, in short: the part of a run of the stand-in that is kept in the
 * repository, so that the tests need not run it.
 *
 * @module
 */
import { z } from "zod";

const call = z.strictObject({ arguments: z.array(z.string()), variables: z.record(z.string(), z.string()) });

/** What is kept of a run of upstream's script. */
const recording = z.strictObject({
  calls: z.array(call),
  /** Number of files to compile, by the first folder in the sources. */
  files: z.record(z.string(), z.number()),
  /** Names of the backend's files. */
  backend: z.array(z.string()),
  /** Arguments of the compiler for one file of each kind. */
  flags: z.record(z.string(), z.array(z.string())),
});

/** `tests/ndk_standin/recorded.json`. */
export const recordedSchema = z.strictObject({
  schema: z.literal(1),
  /** SHA-256 of the build_torch.sh that was run. */
  buildTorch: z.string(),
  /** With default options. */
  configure: recording,
  /** With every option turned. */
  options: recording,
});

/** A run of the stand-in. */
export type Recording = z.infer<typeof recording>;

/** Files whose flags are kept: one of c10, one of the backend, one of a binary. */
const KEPT = [
  "c10/core/Device.cpp",
  "aten/src/ATen/native/vulkan/ops/Convolution.cpp",
  "binaries/speed_benchmark_torch.cc",
];

/** How many processors there were is no part of it. */
const OF_THE_MACHINE = ["JOBS", "MAX_JOBS"];

/**
 * The recording of a run.
 *
 * @param calls what bin/cmake wrote
 * @param compileCommands CMake's compile_commands.json
 */
export function recordingOf(calls: string, compileCommands: string): Recording {
  const commands = z.array(z.object({ command: z.string(), file: z.string() })).parse(
    JSON.parse(compileCommands),
  );
  const inSource = commands.flatMap(({ file, command }) => {
    const [, path] = /^\/build\/pytorch\/(.*)$/.exec(file) ?? [];
    return path === undefined ? [] : [{ path, command }];
  });
  const files: Record<string, number> = {};
  for (const { path } of inSource) {
    const [top = ""] = path.split("/");
    files[top] = (files[top] ?? 0) + 1;
  }
  return {
    calls: calls.split("call\n").slice(1).map(parseCall),
    files,
    backend: inSource.flatMap(({ path }) => /ATen\/native\/vulkan\/(.*)/.exec(path)?.[1] ?? []).sort(),
    flags: Object.fromEntries(
      inSource.flatMap(({ path, command }) =>
        KEPT.includes(path) ? [[path, [...new Set(command.split(" ").slice(1, -4))]]] : []
      ),
    ),
  };
}

function parseCall(text: string): z.infer<typeof call> {
  const args: string[] = [];
  const variables: Record<string, string> = {};
  for (const line of text.trimEnd().split("\n")) {
    const [, kind, value = ""] = /^(argument|variable) (.*)$/.exec(line) ?? [];
    // As bash quotes: a backslash before what is special.
    if (kind === "argument") args.push(value.replaceAll(/\\(.)/g, "$1").replace(/^-j\d+$/, "-jN"));
    const [, name = "", content = ""] = kind === "variable" ? /^([^=]*)=(.*)$/.exec(value) ?? [] : [];
    if (name !== "" && !OF_THE_MACHINE.includes(name)) variables[name] = content;
  }
  return { arguments: args, variables };
}
