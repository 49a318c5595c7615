import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { miniEngine, miniStep } from "../../tests/fixtures/mini_engine.ts";
import { denoHost } from "../deno_host.ts";
import type { Engine, EngineError, Event, Image, Manifest, Step } from "../mod.ts";
import { Secrets } from "../secrets/mod.ts";
import { build, type BuildOptions } from "./build.ts";
import { isReplayed } from "./replay.ts";

const never = new AbortController().signal;
const SECRET = "hunter2/hunter2";
let folder: string;
let engine: Engine;
let image: Image;
let events: Event[];

async function run(step: Step, options: Partial<BuildOptions> = {}) {
  events = [];
  return await build(engine.plan([step]), {
    host: denoHost(),
    store: engine.store,
    fetcher: await engine.fetcher(),
    sandbox: () => engine.sandbox(never),
    repository: folder,
    jobs: 2,
    memoryBytes: 2 ** 30,
    signal: never,
    emit: (event) => events.push(event),
    ...options,
  });
}

function outputs(isWanted: (event: Event) => boolean): string {
  const chunks = events.flatMap((event) =>
    event.type === "step-output" && isWanted(event) ? [...event.chunk] : []
  );
  return new TextDecoder().decode(new Uint8Array(chunks));
}

function logOf(manifest: Manifest | undefined): string {
  if (manifest?.log === undefined) throw new Error("no log");
  return Deno.readTextFileSync(engine.store.path(manifest.log.digest));
}

describe("the log of a step", () => {
  beforeEach(async () => {
    folder = await Deno.makeTempDir({ prefix: "vkforge-step-log-" });
    ({ engine, image } = await miniEngine({ storeRoot: join(folder, "store"), repository: folder }));
  });

  afterEach(() => Deno.remove(folder, { recursive: true }));

  it("holds no secret, nor do events, whatever form and pieces it comes in", async () => {
    const step = miniStep(image, {
      name: "talker",
      script: `
        printf 'plain hunter2/'; sleep 0.1; printf 'hunter2 and\\n'
        printf 'x:${SECRET}' | base64 -w 9
        printf '${SECRET}' | od -An -tx1 | tr -d ' '
        echo "url hunter2%2Fhunter2"
        echo ${SECRET} > /out/out
      `,
    });
    const made = (await run(step, { secrets: new Secrets([SECRET]) })).get("talker");
    const log = logOf(made);
    expect(log).toContain("plain *** and\n");
    expect(log).toContain("url ***\n");
    expect(log.match(/\*\*\*/g)).toHaveLength(4);
    expect(outputs(() => true)).toBe(log);
    // What it makes is left alone: it belongs to the step, and its digest to everybody.
    const folderOf = made === undefined ? "" : engine.folderOf(made);
    expect(Deno.readTextFileSync(join(folderOf, "out"))).toBe(`${SECRET}\n`);
  });

  it("holds no secret when the step fails, nor does the error", async () => {
    const step = miniStep(image, {
      name: "bad",
      script: `echo ${SECRET} is wrong >&2; printf hunter2/; exit 3`,
    });
    const error = await run(step, { secrets: new Secrets([SECRET]) }).then(
      () => undefined,
      (thrown) => thrown as EngineError,
    );
    expect(error?.detail.slice(-2)).toEqual(["*** is wrong", "hunter2/"]);
    expect(error?.detail[0]).toBe("command: echo *** is wrong >&2; printf hunter2/; exit 3");
    expect(JSON.stringify([error?.message, error?.detail, events])).not.toContain(SECRET);
    const path = error?.detail.find((line) => line.startsWith("log: "))?.slice("log: ".length) ?? "";
    expect(Deno.readTextFileSync(path)).toBe("*** is wrong\nhunter2/");
  });

  it("is told again on a hit, once that is asked for", async () => {
    const step = miniStep(image, { name: "talker", script: "echo one; printf two; echo > /out/out" });
    await run(step);
    expect([outputs(isReplayed), outputs(() => true)]).toEqual(["", "one\ntwo"]);
    await run(step);
    expect(outputs(() => true)).toBe("");
    await run(step, { replayLogs: true });
    expect([outputs(isReplayed), outputs(() => true)]).toEqual(["one\ntwo\n", "one\ntwo\n"]);
    // Kept by a machine that did not know this secret.
    await run(step, { replayLogs: true, secrets: new Secrets(["one\ntwo"]) });
    expect(outputs(isReplayed)).toBe("***\n");
    const silent = miniStep(image, { name: "silent", script: "echo > /out/out" });
    await run(silent);
    await run(silent, { replayLogs: true });
    expect(events.filter(({ type }) => type === "step-output")).toEqual([]);
  });

  it("is told again by its end where it is long", async () => {
    const step = miniStep(image, {
      name: "long",
      script:
        'for i in {1..30000}; do echo "line $i of this long and boring log, which says nothing"; done; echo > /out/out',
    });
    await run(step);
    await run(step, { replayLogs: true });
    const text = outputs(isReplayed);
    expect(text).toMatch(/^\[the first \d+ bytes are in \/.*\]\n/);
    expect(text).toMatch(/line 30000 of this long and boring log, which says nothing\n$/);
    expect(text.length).toBeLessThan(2 ** 20 + 300);
  });

  it("does not fail a build when it is lost in between", async () => {
    const step = miniStep(image, { name: "talker", script: "echo one; echo > /out/out" });
    const made = (await run(step)).get("talker");
    const planned = engine.plan([step]);
    Deno.removeSync(engine.store.path(made!.log!.digest));
    const again = await build(planned, {
      host: denoHost(),
      store: engine.store,
      fetcher: await engine.fetcher(),
      sandbox: () => engine.sandbox(never),
      repository: folder,
      jobs: 2,
      memoryBytes: 2 ** 30,
      signal: never,
      emit: (event) => events.push(event),
      replayLogs: true,
    });
    expect(again.get("talker")?.id).toBe(made?.id);
    expect(events.some((event) => event.type === "warning" && event.message.includes('the log of "talker"')))
      .toBe(true);
  });

  it("goes with the step to where built steps are kept; the build waits for that", async () => {
    const kept: string[] = [];
    const remoteCache = {
      keep: async ({ name }: Manifest) => {
        await denoHost().clock.sleep(50);
        kept.push(name);
      },
    };
    const step = miniStep(image, { name: "made", script: "echo > /out/out" });
    await run(step, { remoteCache });
    await run(step, { remoteCache });
    expect(kept).toEqual(["made"]);
    const bad = miniStep(image, {
      name: "bad",
      inputs: { made: { kind: "step", step: miniStep(image, { name: "first", script: "echo > /out/out" }) } },
      script: "exit 1",
    });
    await expect(run(bad, { remoteCache })).rejects.toThrow('Step "bad" failed');
    expect(kept).toEqual(["made", "first"]);
  });
});
