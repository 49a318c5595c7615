/**
 * The command line. Builds the host, finds the command, and turns what it throws into an exit code.
 *
 * @module
 */
import { CommanderError } from "@commander-js/extra-typings";
import { denoHost } from "./engine/deno_host.ts";
import { EngineError, EXIT, exitCodeOf } from "./engine/error.ts";
import type { Host } from "./engine/host.ts";

interface Verb {
  readonly summary: string;
  /** Loads the command: a start pays only for what it runs. */
  readonly load: () => Promise<{ command(host: Host): Runnable }>;
}

/** The part of a commander command that is needed here, whatever its options. */
interface Runnable {
  exitOverride(): Runnable;
  configureOutput(output: { writeErr(text: string): void }): Runnable;
  parseAsync(args: readonly string[], from: { from: "user" }): Promise<unknown>;
}

const VERBS: Readonly<Record<string, Verb>> = {
  "test-swiftshader": {
    summary: "Build, convert and run the models on CPU and SwiftShader; compare and report",
    load: () => import("./tasks/test_swiftshader.ts"),
  },
  "build-models": {
    summary: "Build every form of the models: CPU, lite, Vulkan, golden data",
    load: () => import("./tasks/build_models.ts"),
  },
  plan: { summary: "Show what a target would run, and why", load: () => import("./tasks/plan.ts") },
  lock: { summary: "Resolve and refresh pins", load: () => import("./tasks/lock.ts") },
  doctor: { summary: "Check this machine, or explain a failure", load: () => import("./tasks/doctor.ts") },
};

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    console.log(usage());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  try {
    const verb = VERBS[name];
    if (verb === undefined) {
      throw new EngineError("usage", `Unknown command "${name}"`, {
        hint: `Commands are: ${Object.keys(VERBS).join(", ")}`,
      });
    }
    const { command } = await verb.load();
    // `deno task x -- --flag` hands on the "--" too.
    const words = rest[0] === "--" ? rest.slice(1) : rest;
    await command(denoHost()).exitOverride().configureOutput({ writeErr: () => {} }).parseAsync(words, {
      from: "user",
    });
    return Number(Deno.exitCode);
  } catch (error) {
    return await report(error, name);
  }
}

async function report(error: unknown, name: string): Promise<number> {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    const message = error.message.replace(/^error: /, "");
    return await report(
      new EngineError("usage", upperFirst(message).replace(/\.?$/, ""), {
        hint: `See \`deno task ${name} --help\``,
      }),
      name,
    );
  }
  // What was thrown from a session has been told by its renderer.
  const isReported = error instanceof Error && error.message === "reported";
  const cause = isReported ? error.cause : error;
  if (!isReported) {
    const { renderError } = await import("./ui/render_error.ts");
    for (const line of renderError(error)) console.error(line);
  }
  return exitCodeOf(cause);
}

function usage(): string {
  const width = Math.max(...Object.keys(VERBS).map((name) => name.length));
  return [
    "vkforge: PyTorch Mobile with the Vulkan backend, built reproducibly and proved to work",
    "",
    "Usage: deno task <command> [options]",
    "",
    ...Object.entries(VERBS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "Every command has --help with examples, and --json.",
    "Exit codes: 0 ok, 1 a step or check failed, 2 usage, 3 lock stale or an input not to be had,",
    "4 not reproducible, 130 interrupted.",
  ].join("\n");
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
