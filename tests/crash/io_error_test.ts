/**
 * A disk that fails at one call of a build, with the real sandbox: the build says so or does without, never gives wrong
 * bytes, and the next one goes on. Single operations of the store are tried likewise beside it (store_test.ts).
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { EngineError, exitCodeOf, type Host } from "../../engine/mod.ts";
import { faultyHost, osError } from "../../engine/store/_testing.ts";
import { LEASE_LOCKS } from "../../engine/store/lease.ts";
import { verifyStore } from "../../engine/store/upkeep.ts";
import { miniEngine, miniStep } from "../fixtures/mini_engine.ts";
import { crashRuns, crashSeed, Random } from "./_random.ts";

const never = new AbortController().signal;
const RUNS = crashRuns(30);
let folder = "";
let storeRoot = "";
let repository = "";

describe("a build on a disk that fails", () => {
  beforeAll(async () => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-io-error-" });
    storeRoot = join(folder, "store");
    repository = join(folder, "repository");
    Deno.mkdirSync(join(repository, "src"), { recursive: true });
    Deno.writeTextFileSync(join(repository, "src", "a.txt"), "text\n");
    // The image is there; of it, only its use is tried.
    await build(denoHost(), "first");
  });

  afterAll(() => Deno.removeSync(folder, { recursive: true }));

  it(`tells of it or does without, and the next one is right, whichever call fails (${RUNS})`, async () => {
    let calls = 0;
    await build(faultyHost(({ index }) => (calls = index + 1, undefined)), "counted");
    // Few calls would mean that the faults were not where the writing is.
    expect(calls).toBeGreaterThan(40);
    const seed = crashSeed();
    const random = new Random(seed);
    const counts = { seed, runs: 0, calls, told: 0, didWithout: 0 };
    for (let run = 0; run < RUNS; run++) {
      // Every call once where there are runs enough, then any of them.
      const failAt = RUNS >= calls && run < calls ? run : random.below(calls);
      const code = random.pick(["ENOSPC", "EIO"] as const);
      let failed = "";
      const host = faultyHost(({ index, name }) => {
        if (index !== failAt) return undefined;
        failed = name;
        return osError(code);
      });
      const marker = `run-${run}`;
      const error = await build(host, marker).then(() => undefined, (error) => error);
      const what = `seed ${seed}, run ${run}: ${code} of ${failed}, call ${failAt} of ${calls}`;
      if (error === undefined) counts.didWithout++;
      else {
        counts.told++;
        // Anything else would reach people as a fault of the program.
        expect([what, error instanceof EngineError, String(error)]).toEqual([what, true, String(error)]);
        const expected = code === "ENOSPC" ? "disk-full" : "io";
        expect([what, (error as EngineError).code, exitCodeOf(error)]).toEqual([what, expected, 1]);
      }
      await build(denoHost(), marker);
      expect([what, leftBehind()]).toEqual([what, []]);
      counts.runs++;
    }
    expect(verifyStore(denoHost(), storeRoot).damages).toEqual([]);
    console.log(JSON.stringify(counts));
  });
});

/** Builds two steps whose content is the marker's, and looks at what came of it. */
async function build(host: Host, marker: string): Promise<void> {
  const { engine, image } = await miniEngine({ host, storeRoot, repository });
  const first = miniStep(image, {
    name: "first",
    inputs: { src: { kind: "files", folder: "src" } },
    script:
      `mkdir /out/out; cat /in/src/a.txt > /out/out/text; echo ${marker} > /out/out/marker; echo ${marker}`,
  });
  const second = miniStep(image, {
    name: "second",
    inputs: { first: { kind: "step", step: first } },
    script: "cat /in/first/out/* > /out/out",
  });
  const made = await engine.build([second], never);
  const manifest = made.get("second");
  if (manifest === undefined) throw new Error("the build gave nothing");
  // What a fault did to the build is its own error; what it gives must be right.
  const text = Deno.readTextFileSync(join(engine.folderOf(manifest), "out"));
  if (text !== `${marker}\ntext\n`) throw new Error(`the build gave other bytes: ${text}`);
}

/** What stayed of work in progress. */
function leftBehind(): string[] {
  return ["tmp", "locks"].flatMap((name) =>
    [...Deno.readDirSync(join(storeRoot, name))].map((entry) => `${name}/${entry.name}`)
      .filter((path) => !LEASE_LOCKS.includes(path.slice("locks/".length)))
  );
}
