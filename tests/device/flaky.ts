/**
 * Runs a short job many times over a connection that is dropped, delayed, reset, cut off and silenced at random places,
 * and counts what came of it. Not part of the suite: 500 runs take about half an hour on a small machine.
 *
 *     deno run -A tests/device/flaky.ts [--runs 500] [--seed 1]
 *
 * Exit code 1 if a run passed that should not have, or if something stayed on the device.
 *
 * @module
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { seededRandom } from "../../measure/random.ts";
import { DeviceError } from "../../measure/targets/device_error.ts";
import { deviceImages } from "./_adb_device.ts";
import { scriptBundle, SUCCEED } from "./_bundle.ts";
import type { Fault } from "./_proxy.ts";
import { request, Rig } from "./_rig.ts";

/** What came of the runs. */
export interface FlakyCounts {
  readonly runs: number;
  readonly passed: number;
  /** A run of a model that fails was told as such. */
  readonly failedAsTheyShould: number;
  readonly falsePasses: number;
  readonly falseFailures: number;
  /** The device could not be reached for good: told as its failure, not as the model's. */
  readonly infrastructure: number;
  readonly reconnects: number;
  readonly faults: Readonly<Record<string, number>>;
  /** Files and processes on the device at the end. */
  readonly leftovers: number;
  readonly seconds: number;
}

/** Kinds by how often they come; silence costs seconds each time. */
const KINDS: readonly Fault["kind"][] = [
  ...Array<Fault["kind"]>(12).fill("drop"),
  ...Array<Fault["kind"]>(12).fill("reset"),
  ...Array<Fault["kind"]>(12).fill("truncate"),
  ...Array<Fault["kind"]>(8).fill("delay"),
  "silence",
];

/** Does the runs. Every fourth is of a model that fails, which must never pass. */
export async function flakyRuns(
  rig: Rig,
  { runs, seed, onRun }: {
    readonly runs: number;
    readonly seed: number;
    readonly onRun?: (run: number) => void;
  },
): Promise<FlakyCounts> {
  const random = seededRandom(seed);
  const started = performance.now();
  const bundle = scriptBundle(join(rig.folder, "bundle"), {
    ok: SUCCEED,
    fails: "echo broken >&2; exit 3\n",
  });
  const target = rig.target(bundle, { answerMs: 3_000, watchMs: 2_000, reconnectMs: 60_000 });
  await target.prepare();
  await target.push();
  rig.proxy.nextFault = () => ({
    kind: KINDS[Math.floor(random() * KINDS.length)]!,
    // A connection begins with some hundred bytes of introductions; a run takes about eight thousand.
    afterBytes: Math.floor(random() * 12_000),
    delayMs: Math.floor(random() * 1_000),
  });
  // The connection so far was a good one.
  rig.proxy.cut();
  const counts = { passed: 0, failedAsTheyShould: 0, falsePasses: 0, falseFailures: 0, infrastructure: 0 };
  for (let run = 1; run <= runs; run++) {
    const fails = run % 4 === 0;
    const outFolder = join(rig.folder, "out", String(run));
    try {
      const { runner } = await target.run(
        request(bundle, outFolder, { model: fails ? "fails" : "ok", threads: run }),
      );
      const isRight = runner.ok && runner.threads === run &&
        Deno.readTextFileSync(join(outFolder, "output0.bin")) === String(run);
      if (runner.ok && (fails || !isRight)) counts.falsePasses++;
      else if (runner.ok) counts.passed++;
      else if (fails) counts.failedAsTheyShould++;
      else counts.falseFailures++;
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      counts.infrastructure++;
      console.error(`run ${run}: ${error.message}${error.detail.map((line) => `; ${line}`).join("")}`);
    }
    await Deno.remove(outFolder, { recursive: true }).catch(() => {});
    onRun?.(run);
  }
  await target.clean({ keepFiles: false });
  rig.proxy.nextFault = () => undefined;
  return {
    runs,
    ...counts,
    reconnects: target.reconnects,
    faults: Object.fromEntries([...rig.proxy.happened].sort()),
    leftovers: await leftovers(rig),
    seconds: Math.round((performance.now() - started) / 1000),
  };
}

/** Files in the device's folder, and processes that are not its daemon's. */
async function leftovers(rig: Rig): Promise<number> {
  const files = [...Deno.readDirSync(rig.device.data)].length;
  rig.proxy.cut();
  await rig.reconnect();
  const strangers = [...await rig.processes("runs/"), ...await rig.processes("vkforge-runner")];
  return files + strangers.length;
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: { runs: { type: "string", default: "500" }, seed: { type: "string", default: "1" } },
  });
  const images = await deviceImages();
  if ("reason" in images) {
    console.error(`Cannot run: ${images.reason}`);
    Deno.exit(3);
  }
  await using rig = await Rig.open(images);
  const counts = await flakyRuns(rig, {
    runs: Number(values.runs),
    seed: Number(values.seed),
    onRun: (run) => {
      if (run % 50 === 0) console.error(`${run} runs`, performance.now() | 0);
    },
  });
  console.log(JSON.stringify(counts, null, 2));
  Deno.exitCode = counts.falsePasses + counts.falseFailures + counts.leftovers === 0 ? 0 : 1;
}
