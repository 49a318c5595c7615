import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { miniEngine, miniStep } from "../../tests/fixtures/mini_engine.ts";
import { denoHost } from "../deno_host.ts";
import {
  DEFAULT_RESOURCES,
  type Engine,
  type Host,
  type Image,
  type Step,
  type StepVerdict,
} from "../mod.ts";

const never = new AbortController().signal;
let folder: string;
let engine: Engine;
let image: Image;

describe("Engine.verify()", () => {
  beforeAll(async () => {
    folder = await Deno.makeTempDir({ prefix: "vkforge-verify-" });
    const source = join(folder, "repository", "src");
    await Deno.mkdir(source, { recursive: true });
    for (let index = 0; index < 12; index++) {
      await Deno.writeTextFile(join(source, `file-${index}`), `${index}`);
    }
    ({ engine, image } = await openEngine());
  });

  afterAll(async () => {
    await Deno.remove(folder, { recursive: true });
  });

  it("passes a step that makes the same each time, and publishes nothing", async () => {
    const step = miniStep(image, {
      name: "clean",
      inputs: { src: { kind: "files", folder: "src" } },
      script:
        "mkdir /out/out; cat /in/src/* > /out/out/text; ln -s text /out/out/link; chmod 755 /out/out/text",
    });
    const made = (await engine.build([step], never)).get("clean")!;
    const before = listing();
    const [verdict] = await engine.verify([step], never, { runs: 2, findCause: false });
    expect(verdict?.outcome).toBe("reproducible");
    expect(verdict?.runs.map(({ digest }) => digest)).toEqual([made.treeDigest, made.treeDigest]);
    expect(listing()).toEqual(before);
    expect([...Deno.readDirSync(join(folder, "store", "tmp"))]).toEqual([]);
  });

  it.each([
    ["the time of day", "date +%s%N > /out/out", "itself"],
    ["the day", "date +%F > /out/out", undefined],
    ["random numbers", "echo $RANDOM$RANDOM$RANDOM > /out/out", undefined],
    ["the host name", "uname -n > /out/out", ["host name"]],
    ["the user's number", "id -u > /out/out", undefined],
    ["the user's name", 'echo "$USER" > /out/out', undefined],
    ["the umask", "umask > /out/out", ["umask"]],
    ["file modes", "mkdir d; touch d/f; ls -l d | cut -c1-10 > /out/out", undefined],
    ["the processors that it was told of", 'echo "$JOBS" > /out/out', ["processors"]],
    ["a process number", "echo $$ > /out/out", undefined],
    ["the build path", "pwd > /out/out", undefined],
    ["the home folder", 'echo "$HOME" > /out/out', undefined],
    ["the time zone", "date -d @0 > /out/out", undefined],
    ["the locale", 'word=é; echo "${#word}" > /out/out', ["locale"]],
    ["variables that it was not given", "env | wc -l > /out/out", undefined],
    ["the temporary folder's file system", "stat -f -c %T /tmp > /out/out", undefined],
    [
      "an address in memory",
      'while read -r line; do case $line in *stack*) echo "${line%%-*}";; esac; done < /proc/self/maps > /out/out',
      "itself",
    ],
  ])("catches a step that depends on %s", async (what: string, script: string, cause: unknown) => {
    const verdict = await verify(what, script, cause !== undefined);
    expect([what, verdict.outcome]).toEqual([what, "different"]);
    expect(verdict.runs.at(-1)?.differences.map(({ path, kind }) => [path, kind])).toEqual([[
      "out",
      "content",
    ]]);
    if (cause !== undefined) expect([what, verdict.cause]).toEqual([what, cause]);
  });

  it("catches a step that sees the number of processors", async () => {
    const verdict = await verify("nproc", "nproc > /out/out");
    const varied = verdict.runs[0]!.varied.find(({ name }) => name === "processors")!;
    const canTell = varied.to.includes("one processor to be seen") && denoHost().machine.cpus > 1;
    expect(verdict.outcome).toBe(canTell ? "different" : "reproducible");
  });

  it("catches a step that depends on the year, where the sandbox's tools have libfaketime", async () => {
    const verdict = await verify("year", "date +%Y > /out/out", true);
    const canTell = verdict.runs[0]!.varied.some(({ name }) => name === "clock");
    expect(verdict.outcome).toBe(canTell ? "different" : "reproducible");
    if (canTell) expect(verdict.cause).toEqual(["clock"]);
  });

  it("catches a step that depends on a directory's order, where the machine has two", async () => {
    const verdict = await verify("order", "ls -U /in/src > /out/out", true);
    const varied = verdict.runs[0]!.varied.find(({ name }) => name === "directory order");
    const canTell = varied?.to.includes("inputs listed otherwise") === true;
    expect(verdict.outcome).toBe(canTell ? "different" : "reproducible");
    if (canTell) expect(verdict.cause).toEqual(["directory order"]);
  });

  it("names entries that are missing, extra, or of another mode", async () => {
    const verdict = await verify(
      "entries",
      'mkdir /out/out; touch "/out/out/$USER" /out/out/tool; [ "$USER" = build ] || chmod +x /out/out/tool',
    );
    expect(verdict.runs[0]?.differences.map(({ path, kind }) => [path, kind])).toEqual([
      ["out/build", "missing"],
      ["out/tool", "executable"],
      ["out/verifier", "extra"],
    ]);
  });

  it("says what differs in a file", async () => {
    const verdict = await verify("text", 'printf "%s\\n" same "$(uname -n)" > /out/out');
    expect(verdict.runs[0]?.differences[0]?.description).toEqual(["- vkforge", "+ verify-1"]);
  });

  it("asks diffoscope where the machine has it", async () => {
    const tools = join(folder, "tools");
    await Deno.mkdir(tools);
    const program = join(tools, "diffoscope");
    await Deno.writeTextFile(program, '#!/bin/bash\nfor file in "${@: -2}"; do cat "$file"; done; exit 1\n');
    await Deno.chmod(program, 0o755);
    const real = denoHost();
    const path = `${tools}:${real.env.get("PATH")}`;
    const host: Host = { ...real, env: { get: (name) => name === "PATH" ? path : real.env.get(name) } };
    const other = await openEngine(host);
    const step = miniStep(other.image, { name: "asked", script: "uname -n > /out/out" });
    const [verdict] = await other.engine.verify([step], never, { runs: 1, findCause: false });
    expect(verdict?.runs[0]?.differences[0]?.description).toEqual(["vkforge", "verify-1"]);
  });

  it("gives a verdict on a step that fails when it is built again", async () => {
    const verdict = await verify("fails", '[ "$USER" = build ]; touch /out/out');
    expect([verdict.outcome, verdict.error?.code]).toEqual(["failed", "step-failed"]);
  });

  it("stops when it is called off", async () => {
    const stop = new AbortController();
    const step = miniStep(image, {
      name: "slow",
      script: '[ "$USER" = build ] || sleep 100; touch /out/out',
    });
    await engine.build([step], never);
    const verifying = engine.verify([step], stop.signal, { runs: 1, findCause: false });
    const timer = setTimeout(() => stop.abort(), 700);
    await expect(verifying).rejects.toThrow("stopped");
    clearTimeout(timer);
  });
});

/** The machine as if it had no diffoscope. */
function plainHost(): Host {
  const host = denoHost();
  const lstat: Host["fs"]["lstat"] = (path) => path.endsWith("/diffoscope") ? undefined : host.fs.lstat(path);
  return { ...host, fs: { ...host.fs, lstat } };
}

async function openEngine(host: Host = plainHost()) {
  return await miniEngine({
    host,
    storeRoot: join(folder, "store"),
    repository: join(folder, "repository"),
    jobs: 2,
  });
}

async function verify(name: string, script: string, findCause = false): Promise<StepVerdict> {
  const step: Step = miniStep(image, {
    name,
    inputs: { src: { kind: "files", folder: "src" } },
    script,
    resources: { ...DEFAULT_RESOURCES, cpus: 2 },
  });
  const [verdict] = await engine.verify([step], never, { runs: 1, findCause });
  return verdict!;
}

function listing(): string[] {
  return ["manifests", "blobs"].flatMap((part) =>
    [...Deno.readDirSync(join(folder, "store", part))].flatMap(({ name, isDirectory }) =>
      isDirectory ? [...Deno.readDirSync(join(folder, "store", part, name))].map((one) => one.name) : [name]
    )
  ).sort();
}
