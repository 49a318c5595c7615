import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { miniEngine, miniStep } from "../../tests/fixtures/mini_engine.ts";
import {
  DEFAULT_RESOURCES,
  type Engine,
  type EngineError,
  type Event,
  type Image,
  type Step,
} from "../mod.ts";

const never = new AbortController().signal;
let folder: string;
let engine: Engine;
let image: Image;
let events: Event[];

async function failure(step: Step): Promise<EngineError> {
  return await engine.build([step], never).then(() => {
    throw new Error("the step did not fail");
  }, (error) => error as EngineError);
}

function contentOf(path: string): string {
  return Deno.readTextFileSync(path);
}

describe("build()", () => {
  beforeEach(async () => {
    folder = await Deno.makeTempDir({ prefix: "vkforge-build-" });
    events = [];
    await Deno.mkdir(join(folder, "repository", "src"), { recursive: true });
    await Deno.writeTextFile(join(folder, "repository", "src", "a.txt"), "one");
    ({ engine, image } = await miniEngine({
      storeRoot: join(folder, "store"),
      repository: join(folder, "repository"),
      events,
    }));
  });

  afterEach(async () => {
    await Deno.remove(folder, { recursive: true });
  });

  it("runs steps in order, keeps their output, and runs nothing the second time", async () => {
    const first = miniStep(image, {
      name: "first",
      inputs: { src: { kind: "files", folder: "src" } },
      script: "cat /in/src/a.txt > /out/out",
    });
    const second = miniStep(image, {
      name: "second",
      inputs: { first: { kind: "step", step: first, path: "out" } },
      environment: { WORD: "two" },
      script: 'echo "$(cat /in/first) $WORD" > /out/out',
    });
    const made = await engine.build([second], never);
    expect(contentOf(join(engine.folderOf(made.get("second")!), "out"))).toBe("one two\n");

    expect(engine.plan([second]).map(({ status }) => status)).toEqual(["hit", "hit"]);
    events.length = 0;
    await engine.build([second], never);
    expect(events.filter(({ type }) => type === "step-start")).toEqual([]);
  });

  it("rebuilds what depends on a changed file, and says why", async () => {
    const reader = miniStep(image, {
      name: "reader",
      inputs: { src: { kind: "files", folder: "src" } },
      script: "cp /in/src/a.txt /out/out",
    });
    const other = miniStep(image, { name: "other", script: "echo other > /out/out" });
    const top = miniStep(image, {
      name: "top",
      inputs: { reader: { kind: "step", step: reader }, other: { kind: "step", step: other } },
      script: "cat /in/*/out > /out/out",
    });
    await engine.build([top], never);
    await Deno.writeTextFile(join(folder, "repository", "src", "a.txt"), "changed");
    const planned = engine.plan([top]);
    expect(planned.map(({ step, status, reason }) => [step.name, status, reason])).toEqual([
      ["reader", "miss", "src/a.txt changed"],
      ["other", "hit", ""],
      ["top", "miss", 'step "reader" changed'],
    ]);
  });

  it("gives a step nothing of the host: no network, no variables, no processes, no capabilities, read-only inputs", async () => {
    const probe = miniStep(image, {
      name: "probe",
      inputs: { src: { kind: "files", folder: "src" } },
      script: `
        { env | sort; echo "uid $(id -u)"; uname -n; } > /out/out
        for entry in /proc/[0-9]*; do echo "process $(cat "$entry/comm")" >> /out/out; done
        (echo x > /in/src/a.txt) 2>/dev/null && echo "wrote an input" >> /out/out
        (echo x > /usr/x) 2>/dev/null && echo "wrote the root" >> /out/out
        (echo > /dev/tcp/127.0.0.1/22) 2>/dev/null && echo "reached the network" >> /out/out
        while read -r line; do case $line in CapEff*|CapBnd*|NoNewPrivs*) echo "$line" >> /out/out;; esac; done < /proc/self/status
      `,
    });
    const text = contentOf(join(engine.folderOf((await engine.build([probe], never)).get("probe")!), "out"));
    expect(text).toContain("uid 1000");
    expect(text).toContain("HOME=/build");
    expect(text).toContain("TZ=UTC");
    expect(text).not.toContain("VKFORGE_HOME");
    expect(text).not.toMatch(/wrote|reached/);
    // Bubblewrap's own first process runs under its loader's name.
    const own = ["process ld-linux-x86-64", "process bash", "process cat"];
    expect((text.match(/^process .*/gm) ?? []).filter((line) => !own.includes(line))).toEqual([]);
    expect(text).toMatch(/CapEff:\s+0{16}/);
    expect(text).toMatch(/CapBnd:\s+0{16}/);
    expect(text).toMatch(/NoNewPrivs:\s+1/);
  });

  it("tells a failed step with its exit code, log and last lines, and keeps nothing of it", async () => {
    const step = miniStep(image, { name: "bad/step", script: "echo before; echo useful >&2; exit 7" });
    const error = await failure(step);
    expect(error.code).toBe("step-failed");
    expect(error.message).toContain('Step "bad/step" failed: exit code 7');
    expect(error.detail).toContain("useful");
    const log = error.detail.find((line) => line.startsWith("log: "))!.slice(5);
    expect(contentOf(log)).toBe("before\nuseful\n");
    expect(engine.plan([step])[0]?.status).toBe("miss");
    expect([...Deno.readDirSync(join(folder, "store", "tmp"))]).toEqual([]);
  });

  it("does not start more after a failure, but keeps what was running", async () => {
    const slow = miniStep(image, { name: "slow", script: "sleep 1; echo done > /out/out" });
    const bad = miniStep(image, { name: "bad", script: "exit 1" });
    const after = miniStep(image, {
      name: "after",
      inputs: { slow: { kind: "step", step: slow } },
      script: "echo > /out/out",
    });
    await expect(engine.build([after, bad], never)).rejects.toThrow('Step "bad" failed');
    expect(engine.plan([after]).map(({ status }) => status)).toEqual(["hit", "miss"]);
  });

  it.each([
    ["a missing output", "true", "output-missing"],
    ["an undeclared output", "echo > /out/out; echo > /out/other", "output-unsafe"],
    ["a link out of the folder", "ln -s /etc/passwd /out/out", "output-unsafe"],
    ["a link that climbs out", "ln -s ../../x /out/out", "output-unsafe"],
    ["a pipe", "mkfifo /out/out", "output-unsafe"],
  ])("refuses %s", async (_what: string, script: string, code: string) => {
    expect((await failure(miniStep(image, { name: "odd", script }))).code).toBe(code);
  });

  it("stops a step that takes too long, with all its processes", async () => {
    const step = miniStep(image, {
      name: "long",
      script: "sleep 100 & sleep 100",
      resources: { ...DEFAULT_RESOURCES, timeoutMs: 500 },
    });
    expect((await failure(step)).code).toBe("step-timeout");
  });

  it("stops a step that uses too much memory", async () => {
    const step = miniStep(image, {
      name: "greedy",
      script: 'text=x; while true; do text="$text$text"; done',
      resources: { ...DEFAULT_RESOURCES, memoryBytes: 256 * 2 ** 20 },
    });
    const error = await failure(step);
    expect(error.code).toBe("step-out-of-memory");
    expect(error.message).toContain("its limit is 256 MiB");
  });

  it("holds a step that starts too many processes to their number", async () => {
    const step = miniStep(image, {
      name: "forks",
      // Not a bomb that doubles: as root only the watch holds it, and other tests share the machine.
      script: "for i in {1..400}; do sleep 4 & done; wait; exit 3",
      resources: { ...DEFAULT_RESOURCES, processes: 64, timeoutMs: 4_000 },
    });
    expect(["step-failed", "step-timeout"]).toContain((await failure(step)).code);
  });

  it("stops at once when it is called off, and leaves no process", async () => {
    const stop = new AbortController();
    const marker = `7${Math.floor(Math.random() * 1e6)}`;
    const step = miniStep(image, { name: "sleeper", script: `sleep ${marker}` });
    const building = engine.build([step], stop.signal);
    while (!processes().some((line) => line.includes(`sleep\0${marker}`))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    stop.abort();
    await expect(building).rejects.toThrow("Interrupted");
    expect(processes().filter((line) => line.includes(`sleep\0${marker}`))).toEqual([]);
    expect([...Deno.readDirSync(join(folder, "store", "tmp"))]).toEqual([]);
  });

  it("builds a step again when a blob it made is gone", async () => {
    const step = miniStep(image, { name: "once", script: "echo text > /out/out" });
    const manifest = (await engine.build([step], never)).get("once")!;
    const entry = manifest.tree[0]!;
    if (entry.kind !== "file") throw new Error("not a file");
    await Deno.remove(engine.store.path(entry.digest));
    const [planned] = engine.plan([step]);
    expect([planned?.status, planned?.reason]).toEqual([
      "miss",
      "its output in the store is damaged or incomplete",
    ]);
    expect((await engine.build([step], never)).get("once")?.treeDigest).toBe(manifest.treeDigest);
  });
});

function processes(): string[] {
  const lines: string[] = [];
  for (const entry of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(entry.name)) continue;
    try {
      lines.push(Deno.readTextFileSync(`/proc/${entry.name}/cmdline`));
    } catch {
      // It ended.
    }
  }
  return lines;
}
