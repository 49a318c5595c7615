/**
 * `deno task bench-backend`: the patched Vulkan backend against stock, operator by operator, in one run.
 *
 * @module
 */
import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { EngineError, EXIT, type Host, type Step } from "../engine/mod.ts";
import { DRIVERS, lavapipeDriver, swiftshaderDriver } from "../recipes/drivers/driver.ts";
import { hostRuntime } from "../recipes/host_runtime/host_runtime.ts";
import { runHostPython } from "./_host_python.ts";
import { graphCommand, positiveInteger } from "./_options.ts";
import { inSession, REPOSITORY, type Session } from "./_session.ts";

const LIMITS = { memoryBytes: 8 * 2 ** 30, processes: 512, timeoutMs: 60 * 60_000 };

interface Values {
  readonly driver: typeof DRIVERS[number];
  readonly only?: string[] | undefined;
  readonly rounds: number;
}

/** The command. */
export function command(host: Host) {
  return graphCommand("bench-backend", "The patched Vulkan backend against stock, in one run")
    .addOption(
      new Option("--driver <name>", "where both run").choices(DRIVERS).default("swiftshader" as const),
    )
    .option("--only <glob...>", "only cases of these names")
    .option("--rounds <count>", "turns that each takes", positiveInteger, 7)
    .addHelpText("after", EXAMPLES)
    .action(async (values) => {
      const result = await inSession(host, values, (session) => benchmark(session, values));
      if (values.json) console.log(JSON.stringify({ ...result.document, command: "bench-backend" }));
      else console.log(result.text);
      if (!result.passes) Deno.exitCode = EXIT.failed;
    });
}

const EXAMPLES = `
Examples:
  deno task bench-backend
  deno task bench-backend --driver lavapipe --only 'conv2d*' mobilenet_v2
  deno task bench-backend --driver gpu      this machine's GPU, outside the sandbox

Exit codes: 0 no case is slower than stock by more than 5 %; 1 one is, or the patched backend cannot run it;
2 usage; 3 an input is not to be had.
`;

interface BenchmarkResult {
  readonly document: Record<string, unknown>;
  readonly text: string;
  /** No case is slower by more than the limit, and the patched backend runs all. */
  readonly passes: boolean;
}

async function benchmark(session: Session, values: Values): Promise<BenchmarkResult> {
  const { engine, project, signal, host } = session;
  const plugins = (["stock", "vkforge"] as const).map((name) => hostRuntime(project.materials, name).plugin);
  using work = engine.store.workFolder();
  const output = join(work.path, "out");
  const build = join(work.path, "build");
  for (const folder of [output, build]) host.fs.mkdir(folder);
  if (values.driver === "gpu") {
    const folders = await folderOf(session, plugins);
    const [stock = "", patched = ""] = folders.map((folder) => join(folder, "lib", "libvkforge_vulkan.so"));
    await runHostPython(session, {
      args: ["-m", "backend", ...words(values, { stock, patched, output })],
      work: build,
      pythonPath: `${join(REPOSITORY, "bench")}:${join(REPOSITORY, "models")}`,
    });
    return await readResult(output);
  }
  const driver = values.driver === "swiftshader"
    ? swiftshaderDriver(project.materials)
    : await lavapipeDriver(host, project.repository);
  const driverSteps = Object.entries(driver.inputs).flatMap(([name, input]) =>
    input.kind === "step" ? [{ name, ...input }] : []
  );
  const folders = await folderOf(session, [...plugins, ...driverSteps.map(({ step }) => step)]);
  const sandbox = await engine.sandbox(signal);
  const decoder = new TextDecoder();
  let log = "";
  const { exit } = await sandbox.run({
    image: await engine.image(driver.image, signal),
    mounts: [
      { source: join(folders[0]!, "lib"), target: "/in/stock" },
      { source: join(folders[1]!, "lib"), target: "/in/vkforge" },
      { source: join(REPOSITORY, "bench", "backend"), target: "/in/bench/backend" },
      { source: join(REPOSITORY, "models"), target: "/in/models" },
      ...driverSteps.map(({ name, path = "" }, i) => ({
        source: join(folders[i + 2]!, path),
        target: `/in/${name}`,
      })),
    ],
    buildFolder: build,
    outFolder: output,
    command: [
      "python3",
      "-B",
      "-m",
      "backend",
      ...words(values, {
        stock: "/in/stock/libvkforge_vulkan.so",
        patched: "/in/vkforge/libvkforge_vulkan.so",
        output: "/out",
      }),
    ],
    environment: { ...driver.environment, PYTHONPATH: "/in/bench:/in/models", OMP_WAIT_POLICY: "passive" },
    limits: LIMITS,
    signal,
    onOutput: (chunk) => log += decoder.decode(chunk, { stream: true }),
  });
  if (exit.kind === "cancelled") throw new EngineError("interrupted", "The benchmark was stopped");
  if (host.fs.lstat(join(output, "result.json")) === undefined) {
    throw new EngineError("step-failed", `The benchmark ended without a result (${exit.kind})`, {
      detail: log.split("\n").slice(-20),
    });
  }
  return await readResult(output);
}

async function folderOf(session: Session, steps: readonly Step[]): Promise<string[]> {
  const built = await session.engine.build(steps, session.signal, "bench-backend");
  return steps.map(({ name }) => session.engine.folderOf(built.get(name)!));
}

function words(
  { only, rounds }: Values,
  files: { readonly stock: string; readonly patched: string; readonly output: string },
): string[] {
  return [
    ...["--stock", files.stock, "--vkforge", files.patched, "--rounds", String(rounds), "--report-only"],
    ...["--output", join(files.output, "result.json"), "--text", join(files.output, "result.txt")],
    ...(only ?? []).flatMap((glob) => ["--only", glob]),
  ];
}

async function readResult(folder: string): Promise<BenchmarkResult> {
  const document = JSON.parse(await Deno.readTextFile(join(folder, "result.json")));
  return {
    document,
    text: await Deno.readTextFile(join(folder, "result.txt")),
    passes: document.slower.length === 0 && document.failed.length === 0,
  };
}
