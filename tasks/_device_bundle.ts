/**
 * A bundle to carry to a machine that this one cannot reach.
 *
 * @module
 */
import { resolve } from "node:path";
import { EngineError } from "../engine/mod.ts";
import { measureModel } from "../measure/mod.ts";
import { RecordingTarget, toBundleRequest, writeBundle } from "../measure/targets/mod.ts";
import { linuxRuntime } from "../recipes/bundle/mod.ts";
import config from "../deno.json" with { type: "json" };
import { assembleBundle } from "./_bundle.ts";
import { modelRequests, optionsOf } from "./_device_result.ts";
import { digestsOf, driftOf } from "./_provenance.ts";
import type { DeviceRequest } from "./_device_run.ts";
import type { Session } from "./_session.ts";

/** For one process of the runner. */
const RUN_TIMEOUT_MS = 15 * 60_000;

/** What {@linkcode makeBundle} made. */
export interface MadeBundle {
  readonly folder: string;
  readonly files: number;
  readonly jobs: number;
  readonly sizeBytes: number;
}

/** Options of {@linkcode makeBundle}. */
export type BundleRequest = Omit<DeviceRequest, "target" | "values"> & {
  readonly values: DeviceRequest["values"] & { readonly out: string };
};

/**
 * Writes a bundle for Linux on x86-64.
 *
 * @throws {EngineError} "usage" if the folder holds anything else
 */
export async function makeBundle(session: Session, request: BundleRequest): Promise<MadeBundle> {
  const { host, engine, project, signal } = session;
  const { job, values, effort, effortName } = request;
  const folder = resolve(values.out);
  assertFree(session, folder);
  const runtime = linuxRuntime(project.materials, job.runtime);
  const manifests = await engine.build([...job.targets, runtime.step], signal, "test-device");
  const bundle = assembleBundle(host, engine, { job, runtime, manifests, driver: values.driver });
  using work = engine.store.workFolder();
  const seed = values.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
  const requests = modelRequests(session, {
    job,
    manifests,
    values,
    effort,
    seed,
    // Of the machine nothing is known yet.
    processors: [2, 4],
    workFolder: work.path,
  });
  const recorder = new RecordingTarget({ folders: bundle.folders, timeoutMs: RUN_TIMEOUT_MS });
  for (const one of requests) await measureModel(recorder, one);
  host.fs.remove(folder);
  const { files } = writeBundle(bundle, {
    host,
    folder,
    jobs: recorder.jobs,
    about: {
      profile: values.profile,
      madeAt: new Date(host.clock.now()).toISOString(),
      versions: { vkforge: config.version },
      options: optionsOf({ values, effort, seed }, effortName),
      digests: digestsOf(manifests),
      drift: driftOf(session),
      models: requests.map((one) => toBundleRequest(one, bundle.folders)),
    },
  });
  return {
    folder,
    files: files.length,
    jobs: recorder.jobs.length,
    sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

/** A bundle may be written over, unless it holds results. */
function assertFree({ host }: Session, folder: string): void {
  if (host.fs.lstat(folder) === undefined) return;
  const names = host.fs.readDir(folder).map(({ name }) => name);
  if (names.length === 0 || (names.includes("manifest.json") && !names.includes("out"))) return;
  throw new EngineError("usage", `Cannot write a bundle to "${folder}": it is not empty`, {
    hint: names.includes("out")
      ? "It holds results: take them with `deno task import-result` and remove it, or give another --out"
      : "Give a new folder with --out",
  });
}
