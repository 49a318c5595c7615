/**
 * What every sandbox must do, as tests that run the same programs through each of them.
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { miniEngine } from "../../tests/fixtures/mini_engine.ts";
import { denoHost } from "../deno_host.ts";
import { type Digest, digestOf } from "../digest.ts";
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import type { RootImage, Sandbox, SandboxChoice, SandboxResult, SandboxRun } from "./mod.ts";

/** A sandbox under test. */
export interface ContractOptions {
  readonly choice: SandboxChoice;
  /** Why it cannot be tested here; runs if left out. */
  readonly skipped?: string | undefined;
  /** Variables that lead to it. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** What a program may learn of its sandbox: the same in each. */
export const GOLDEN_WORLD = `
  env | while read -r line; do case $line in _=*) ;; *) echo "$line" ;; esac; done | sort
  echo "user $(id -u):$(id -g) on $(uname -n) in $PWD"
  echo "umask $(umask), core $(ulimit -c), arguments $0 $*"
  stat -c '%n %a %u:%g' /in /in/folder /in/folder/plain /in/folder/program /in/one /out /build /tmp /usr/bin/bash
  stat -c '%n %Y' /in/folder/plain /in/one /usr/bin/bash
  echo "link $(readlink /in/folder/link), one $(cat /in/one)"
  for path in /in/x /in/folder/plain /in/one /usr/x /x /etc/x; do
    (echo x > "$path") 2>/dev/null && echo "wrote $path"
  done
  for path in /out/x /build/x /tmp/x /dev/shm/x; do
    (echo x > "$path") 2>/dev/null || echo "cannot write $path"
  done
  rm -f /out/x
  (echo > /dev/tcp/127.0.0.1/22) 2>/dev/null && echo "reached this machine"
  (echo > /dev/tcp/1.1.1.1/53) 2>/dev/null && echo "reached the network"
  while read -r line; do
    case $line in CapEff*|CapPrm*|CapBnd*|NoNewPrivs*) echo "$line" ;; esac
  done < /proc/self/status
  ls /sys
`;

const never = new AbortController().signal;

/** Registers the tests. */
export function sandboxContract(options: ContractOptions): void {
  const why = options.skipped === undefined ? "" : ` (skipped: ${options.skipped})`;
  describe.skipIf(options.skipped !== undefined)(`the sandbox "${options.choice}"${why}`, () => {
    const bench = new Bench(options);
    beforeAll(() => bench.open());
    afterAll(() => bench.close());

    it("gives a program the one world that all sandboxes give", async () => {
      const { text, result } = await bench.run(GOLDEN_WORLD, { environment: { WORD: "a b", EMPTY: "" } });
      expect(result.exit).toEqual({ kind: "exit", code: 0 });
      expect(text).toBe(WORLD);
    });

    it("hides the machine's processes and variables", async () => {
      const { text } = await bench.run(
        `
        for entry in /proc/[0-9]*; do echo "$(cat "$entry/comm")"; done
        cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n'
      `,
        { environment: { OWN: "yes" } },
      );
      const init = ["ld-linux-x86-64", "docker-init", "podman-init"];
      const names = text.split("\n").filter((line) => line !== "" && !line.includes("="));
      expect(names.filter((name) => ![...init, "bash", "cat", "tr"].includes(name))).toEqual([]);
      expect(text).not.toContain(Deno.cwd());
    });

    it("gives back files, folders, links and modes with the same digests", async () => {
      const { result, outFolder } = await bench.run(OUTPUTS);
      expect(result.exit).toEqual({ kind: "exit", code: 0 });
      expect(listing(outFolder)).toEqual(LISTING);
    });

    it("gives the exit code", async () => {
      const { result } = await bench.run("exit 7");
      expect(result.exit).toEqual({ kind: "exit", code: 7 });
      expect((await bench.run("kill -9 $$")).result.exit).toEqual({ kind: "exit", code: 137 });
    });

    it("gives output as it comes, all of it and in order", async () => {
      let firstAt = 0;
      let text = "";
      const started = performance.now();
      const { result } = await bench.run("echo first; sleep 1; echo second >&2; printf '%0100000d' 0", {
        onOutput: (chunk) => {
          if (text === "") firstAt = performance.now() - started;
          text += new TextDecoder().decode(chunk);
        },
      });
      expect(result.exit).toEqual({ kind: "exit", code: 0 });
      expect(performance.now() - started - firstAt).toBeGreaterThan(900);
      expect(text).toBe(`first\nsecond\n${"0".repeat(100_000)}`);
    });

    it("tells when its output cannot be taken, and stops the program", async () => {
      const failure = new Error("the disk is full");
      await expect(bench.run("while true; do echo text; done", {
        onOutput: () => {
          throw failure;
        },
      })).rejects.toThrow("the disk is full");
    });

    it("stops a program that takes too long, with all its processes", async () => {
      const started = performance.now();
      const { result } = await bench.run("trap '' TERM; sleep 100 & sleep 100", {
        limits: { timeoutMs: 500 },
      });
      expect(result.exit).toEqual({ kind: "timeout" });
      expect(performance.now() - started).toBeLessThan(10_000);
    });

    it("stops a program that uses too much memory", async () => {
      const { result } = await bench.run('text=x; while true; do text="$text$text"; done', {
        limits: { memoryBytes: 128 * 2 ** 20 },
      });
      expect(result.exit.kind).toBe("out-of-memory");
    });

    it("counts what lies in /tmp and /dev/shm as memory", async () => {
      for (const folder of ["/tmp", "/dev/shm"]) {
        const { result } = await bench.run(`head -c 400M /dev/zero > ${folder}/x`, {
          limits: { memoryBytes: 128 * 2 ** 20 },
        });
        expect(result.exit).not.toEqual({ kind: "exit", code: 0 });
      }
    });

    it("holds a program to its number of processes", async () => {
      const { result, text } = await bench.run("for i in {1..200}; do sleep 60 & echo started; done; wait", {
        limits: { processes: 32, timeoutMs: 3_000 },
      });
      // Either the kernel refuses the next process (bash tries again for long), or the watch stops them all.
      expect(["too-many-processes", "timeout"]).toContain(result.exit.kind);
      if (result.exit.kind === "timeout") expect(text.split("started\n").length).toBeLessThanOrEqual(33);
    });

    it("stops at once when it is called off", async () => {
      const stop = new AbortController();
      const started = performance.now();
      const { result } = await bench.run("echo started; sleep 100", {
        signal: stop.signal,
        onOutput: () => stop.abort(),
      });
      expect(result.exit).toEqual({ kind: "cancelled" });
      expect(performance.now() - started).toBeLessThan(10_000);
      const before = await bench.run("true", { signal: AbortSignal.abort() });
      expect(before.result.exit).toEqual({ kind: "cancelled" });
    });

    it("runs programs side by side, each in a sandbox of its own", async () => {
      const runs = await Promise.all(
        ["a", "b", "c"].map((word) =>
          bench.run(`echo ${word} > /tmp/word; echo ${word} > /out/word; sleep 0.5; cat /tmp/word /out/word`)
        ),
      );
      expect(runs.map(({ text }) => text)).toEqual(["a\na\n", "b\nb\n", "c\nc\n"]);
    });
  });
}

/** A program that leaves one of everything. */
const OUTPUTS = `
  mkdir -p /out/deep/er /out/empty /out/closed
  printf plain > /out/plain; chmod 640 /out/plain
  printf run > /out/program; chmod 755 /out/program
  printf hidden > /out/deep/er/.hidden; touch /out/deep/empty
  printf 'käse' > '/out/deep/a name; with $odd "letters" ü'
  printf long > /out/deep/${"n".repeat(120)}
  ln -s plain /out/link; ln -s ../plain /out/deep/up; ln -s ${"t".repeat(150)} /out/dangling
  ln /out/plain /out/deep/hard
  printf secret > /out/closed/file; chmod 000 /out/closed/file; chmod 500 /out/closed
  head -c 3000000 /dev/zero > /out/large
  echo scratch > /build/x
`;

const LISTING: readonly string[] = [
  "closed/",
  `closed/file f ${digestOf("secret")}`,
  `dangling -> ${"t".repeat(150)}`,
  "deep/",
  `deep/a name; with $odd "letters" ü f ${digestOf("käse")}`,
  `deep/empty f ${digestOf("")}`,
  "deep/er/",
  `deep/er/.hidden f ${digestOf("hidden")}`,
  `deep/hard f ${digestOf("plain")}`,
  `deep/${"n".repeat(120)} f ${digestOf("long")}`,
  "deep/up -> ../plain",
  "empty/",
  `large f ${digestOf(new Uint8Array(3_000_000))}`,
  "link -> plain",
  `plain f ${digestOf("plain")}`,
  `program x ${digestOf("run")}`,
];

const WORLD = `EMPTY=
HOME=/build
LC_ALL=C.UTF-8
PATH=/usr/sbin:/usr/bin:/sbin:/bin
PWD=/build
SHLVL=1
SOURCE_DATE_EPOCH=1577836800
TMPDIR=/tmp
TZ=UTC
USER=build
WORD=a b
user 1000:1000 on vkforge in /build
umask 0022, core 0, arguments bash argument
/in 755 1000:1000
/in/folder 755 1000:1000
/in/folder/plain 444 1000:1000
/in/folder/program 555 1000:1000
/in/one 644 1000:1000
/out 755 1000:1000
/build 755 1000:1000
/tmp 755 1000:1000
/usr/bin/bash 555 1000:1000
/in/folder/plain 1577836800
/in/one 1577836800
/usr/bin/bash 1577836800
link plain, one one
CapPrm:\t0000000000000000
CapEff:\t0000000000000000
CapBnd:\t0000000000000000
NoNewPrivs:\t1
`;

type RunOptions = Partial<Omit<SandboxRun, "limits">> & { readonly limits?: Partial<SandboxRun["limits"]> };

/** A sandbox, a small image, some inputs. */
class Bench {
  readonly #options: ContractOptions;
  #folder = "";
  #sandbox: Sandbox | undefined;
  #image: RootImage | undefined;
  #runs = 0;

  constructor(options: ContractOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#folder = await Deno.makeTempDir({ prefix: "vkforge-contract-" });
    const { engine, image } = await miniEngine({
      host: hostWith(this.#options.variables ?? {}),
      storeRoot: join(this.#folder, "store"),
      sandbox: this.#options.choice,
    });
    this.#sandbox = await engine.sandbox(never);
    this.#image = await engine.image(image, never);
    const inputs = join(this.#folder, "inputs");
    await Deno.mkdir(join(inputs, "folder"), { recursive: true });
    for (
      const [path, mode] of [["folder/plain", 0o444], ["folder/program", 0o555], ["one", 0o644]] as const
    ) {
      await Deno.writeTextFile(join(inputs, path), path);
      await Deno.chmod(join(inputs, path), mode);
      await Deno.utime(join(inputs, path), 1577836800, 1577836800);
    }
    await Deno.symlink("plain", join(inputs, "folder/link"));
  }

  async close(): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }

  async run(
    script: string,
    options: RunOptions = {},
  ): Promise<{ result: SandboxResult; text: string; outFolder: string }> {
    if (this.#sandbox === undefined || this.#image === undefined) throw new Error("not open");
    const work = join(this.#folder, `run-${++this.#runs}`);
    const [buildFolder, outFolder] = [join(work, "build"), join(work, "out")];
    for (const folder of [buildFolder, outFolder]) await Deno.mkdir(folder, { recursive: true });
    let text = "";
    const decoder = new TextDecoder();
    const result = await this.#sandbox.run({
      image: this.#image,
      mounts: [
        { source: join(this.#folder, "inputs/folder"), target: "/in/folder" },
        { source: join(this.#folder, "inputs/one"), target: "/in/one" },
      ],
      buildFolder,
      outFolder,
      command: ["/bin/bash", "-c", script, "bash", "argument"],
      environment: {},
      signal: never,
      onOutput: (chunk) => text += decoder.decode(chunk, { stream: true }),
      ...options,
      limits: { memoryBytes: 512 * 2 ** 20, processes: 128, timeoutMs: 60_000, ...options.limits },
    });
    return { result, text, outFolder };
  }
}

/** This machine with other variables. */
export function hostWith(variables: Readonly<Record<string, string>>): Host {
  const host = denoHost();
  return { ...host, env: { get: (name) => variables[name] ?? host.env.get(name) } };
}

/** A folder's content as lines, as the store would record it. */
function listing(folder: string, below = ""): string[] {
  return [...Deno.readDirSync(join(folder, below))].flatMap(({ name }) => {
    const path = below === "" ? name : `${below}/${name}`;
    const absolute = join(folder, path);
    const info = Deno.lstatSync(absolute);
    if (info.isSymlink) return [`${path} -> ${Deno.readLinkSync(absolute)}`];
    if (info.isDirectory) return [`${path}/`, ...listing(folder, path)];
    const digest: Digest = digestOf(Deno.readFileSync(absolute));
    return [`${path} ${((info.mode ?? 0) & 0o100) === 0 ? "f" : "x"} ${digest}`];
  }).sort(byCodePoint);
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Code and message of an expected failure. */
export async function failureOf(work: Promise<unknown>): Promise<EngineError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error("It did not fail");
}
