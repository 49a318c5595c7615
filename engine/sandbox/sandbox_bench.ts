/**
 * What a sandbox costs: a program in bubblewrap beside the bare program, and in a container beside `docker run`. Rounds
 * alternate, so that a busy machine weighs on both. Run with `deno run -A engine/sandbox/sandbox_bench.ts`; prints one
 * JSON document.
 *
 * @module
 */
import { join } from "node:path";
import { miniEngine } from "../../tests/fixtures/mini_engine.ts";
import { cannotStartDocker, startDockerDaemon } from "../../tests/fixtures/docker_daemon.ts";
import { hostWith } from "./_contract.ts";
import { imageTag } from "./docker_image.ts";
import type { RootImage, Sandbox } from "./mod.ts";

const ROUNDS = Number(Deno.args[0] ?? 20);
const never = new AbortController().signal;
const folder = await Deno.makeTempDir({ prefix: "vkforge-bench-" });

/** Milliseconds of each arm, taken in turn. */
async function compare(arms: Readonly<Record<string, () => Promise<void>>>): Promise<Record<string, number>> {
  const times = new Map(Object.keys(arms).map((name) => [name, [] as number[]]));
  for (const run of Object.values(arms)) await run();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(arms)) {
      const started = performance.now();
      await run();
      times.get(name)?.push(performance.now() - started);
    }
  }
  return Object.fromEntries([...times].map(([name, values]) => [name, median(values)]));
}

function median(values: number[]): number {
  return Math.round(values.sort((a, b) => a - b)[Math.floor(values.length / 2)]! * 10) / 10;
}

async function command(program: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdout: "piped", stderr: "piped" })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

let runs = 0;

async function inSandbox(sandbox: Sandbox, image: RootImage, mounts: string[] = []): Promise<void> {
  const work = join(folder, `run-${++runs}`);
  for (const name of ["build", "out"]) await Deno.mkdir(join(work, name), { recursive: true });
  const { exit } = await sandbox.run({
    image,
    mounts: mounts.map((source) => ({ source, target: "/in/input" })),
    buildFolder: join(work, "build"),
    outFolder: join(work, "out"),
    command: ["/usr/bin/true"],
    environment: {},
    limits: { memoryBytes: 2 ** 29, processes: 64, timeoutMs: 60_000 },
    signal: never,
    onOutput: () => {},
  });
  if (exit.kind !== "exit" || exit.code !== 0) throw new Error(JSON.stringify(exit));
}

async function benchBwrap() {
  const { engine, image } = await miniEngine({ storeRoot: join(folder, "bwrap"), sandbox: "bwrap" });
  const sandbox = await engine.sandbox(never);
  const root = await engine.image(image, never);
  const { bare = 0, bwrap = 0 } = await compare({
    bare: () => command("/usr/bin/true", []),
    bwrap: () => inSandbox(sandbox, root),
  });
  return { bareMs: bare, bwrapMs: bwrap, differenceMs: Math.round((bwrap - bare) * 10) / 10, targetMs: 50 };
}

async function benchDocker() {
  const skipped = cannotStartDocker();
  if (skipped !== undefined) return { skipped };
  const daemon = await startDockerDaemon();
  try {
    const { engine, image } = await miniEngine({
      host: hostWith({ DOCKER_HOST: daemon.url }),
      storeRoot: join(folder, "docker"),
      sandbox: "docker",
    });
    const sandbox = await engine.sandbox(never);
    const root = await engine.image(image, never);
    const input = join(folder, "input");
    await Deno.writeFile(input, new Uint8Array(1 << 20));
    await inSandbox(sandbox, root);
    const { cli = 0, docker = 0, withInput = 0 } = await compare({
      cli: () => command("docker", dockerRun(daemon.url, imageTag(root))),
      docker: () => inSandbox(sandbox, root),
      withInput: () => inSandbox(sandbox, root, [input]),
    });
    const ratio = (value: number) => Math.round(value / cli * 1000) / 1000;
    return {
      dockerRunMs: cli,
      dockerMs: docker,
      withInputMs: withInput,
      ratio: ratio(docker),
      ratioWithInput: ratio(withInput),
      targetRatio: 1.2,
    };
  } finally {
    await daemon.stop();
  }
}

/** The same isolation by hand. */
function dockerRun(url: string, image: string): string[] {
  return [
    ...["-H", url, "run", "--rm", "--init", "--network", "none", "--read-only", "--cap-drop", "ALL"],
    ...[
      "--security-opt",
      "no-new-privileges",
      "--user",
      "1000:1000",
      "--memory",
      "512m",
      "--pids-limit",
      "64",
    ],
    ...["--tmpfs", "/tmp", "--volume", "/out", "--volume", "/build", image, "/usr/bin/true"],
  ];
}

try {
  console.log(
    JSON.stringify({ rounds: ROUNDS, bwrap: await benchBwrap(), docker: await benchDocker() }, null, 2),
  );
} finally {
  await Deno.remove(folder, { recursive: true });
}
