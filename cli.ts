/**
 * The command line. Builds the host, finds the command, and turns what it throws into an exit code.
 *
 * @module
 */
import { CommanderError } from "@commander-js/extra-typings";
import config from "./deno.json" with { type: "json" };
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
  "test-device": {
    summary: "Run the models on a device: adb, ssh, this machine's GPU, or a bundle to carry",
    load: () => import("./tasks/test_device.ts"),
  },
  "import-result": {
    summary: "Judge what a bundle wrote on another machine",
    load: () => import("./tasks/import_result.ts"),
  },
  "build-models": {
    summary: "Build every form of the models: CPU, lite, Vulkan, golden data",
    load: () => import("./tasks/build_models.ts"),
  },
  plan: { summary: "Show what a target would run, and why", load: () => import("./tasks/plan.ts") },
  why: { summary: "Tell why a step would run: what changed", load: () => import("./tasks/why.ts") },
  graph: { summary: "Draw the graph: text, DOT, or a page", load: () => import("./tasks/graph.ts") },
  verify: {
    summary: "Build again under other conditions and compare bit by bit",
    load: () => import("./tasks/verify.ts"),
  },
  cache: {
    summary: "Look after the store: what it holds, whether it is whole, what can go",
    load: () => import("./tasks/cache.ts"),
  },
  compare: {
    summary: "Compare two results: what became faster or slower, with evidence",
    load: () => import("./tasks/compare.ts"),
  },
  report: {
    summary: "Make the reports of result folders again: HTML, Markdown, JUnit",
    load: () => import("./tasks/report.ts"),
  },
  "ops-table": {
    summary: "Truth table: every operator on CPU and Vulkan, stock and patched",
    load: () => import("./tasks/ops_table.ts"),
  },
  conformance: {
    summary: "Upstream's own Vulkan tests against the runtime",
    load: () => import("./tasks/conformance.ts"),
  },
  "check-ops": {
    summary: "Tell of any TorchScript file what Vulkan makes of each operator, and mend it",
    load: () => import("./tasks/check_ops.ts"),
  },
  "bench-backend": {
    summary: "Times of the patched backend beside upstream's, per operator",
    load: () => import("./tasks/bench_backend.ts"),
  },
  "verify-aar": {
    summary: "Check any AAR: libraries, alignment, Vulkan backend, classes, licences",
    load: () => import("./tasks/verify_aar.ts"),
  },
  "build-aar": {
    summary: "Build or take AARs, verify them, lay out a Maven repository",
    load: () => import("./tasks/build_aar.ts"),
  },
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
  if (name === "--version" || name === "-V") {
    console.log(config.version);
    return EXIT.ok;
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
    return await report(error, {
      name,
      json: rest.includes("--json"),
      verbose: rest.some((word) => word === "--verbose" || word === "-v"),
    });
  }
}

/** What was asked for; read from the words themselves, since it may be these that are wrong. */
interface Asked {
  readonly name: string;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** Tells what went wrong: people on standard error, programs that asked for JSON on standard output. */
async function report(thrown: unknown, { name, json, verbose }: Asked): Promise<number> {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.ok;
  // What was thrown from a session has been told by its renderer.
  const isReported = thrown instanceof Error && thrown.message === "reported";
  let error = isReported ? thrown.cause : thrown;
  if (!isReported) {
    const [{ renderError }, { expectedError }] = await Promise.all([
      import("./ui/render_error.ts"),
      import("./tasks/_expected_error.ts"),
    ]);
    error = thrown instanceof CommanderError ? usageError(thrown, name) : expectedError(thrown);
    for (const line of renderError(error, { verbose })) console.error(line);
  }
  if (json) console.log(JSON.stringify(failureDocument(name, error)));
  return exitCodeOf(error);
}

/** What a command prints with `--json` when it fails. */
function failureDocument(command: string, error: unknown) {
  const { code, message, hint, detail, subject } = error instanceof EngineError
    ? error
    : { code: "unexpected", message: String(error) };
  return { schema: 1, command, ok: false, error: { code, message, hint, detail, subject } };
}

function usageError(error: CommanderError, name: string): EngineError {
  const [message = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  return new EngineError("usage", upperFirst(message).replace(/\.$/, "").replaceAll("'", '"'), {
    hint: suggestion?.replace(/^\(|\)$/g, "") ?? `See \`deno task ${name} --help\``,
  });
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
