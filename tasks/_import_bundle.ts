/**
 * The result of a bundle that ran elsewhere.
 *
 * @module
 */
import { join } from "node:path";
import { type Digest, EngineError, type Host } from "../engine/mod.ts";
import { measureModel, type ModelResult, type Result, RUNNER_ENVIRONMENT } from "../measure/mod.ts";
import {
  type BundleManifest,
  fromBundleRequest,
  identityOf,
  parseManifest,
  readFacts,
  ReplayTarget,
  stateOf,
  type TargetEvidence,
} from "../measure/targets/mod.ts";
import { sha256OfFile } from "./_file_digest.ts";
import { environmentOfDevice, writeDeviceResult } from "./_device_result.ts";

/** What to import. */
export interface ImportRequest {
  readonly folder: string;
  readonly results: string;
}

/** What came of it. */
export interface Imported {
  readonly result: Result;
  readonly folder: string;
  /** Processes that did not run. */
  readonly missing: number;
}

/**
 * Judges what the processes wrote, as if they had just run.
 *
 * @throws {MeasureError} for a manifest that cannot be read
 * @throws {EngineError} "digest-mismatch" if the golden data or a model that ran is not what the manifest says
 */
export async function importBundle(host: Host, { folder, results }: ImportRequest): Promise<Imported> {
  const path = join(folder, "manifest.json");
  const manifest = parseManifest(host.fs.readTextFile(path), path);
  assertJudgeable(host, folder, manifest);
  const workFolder = Deno.makeTempDirSync({ prefix: "vkforge-import-" });
  try {
    const target = new ReplayTarget(join(folder, "out"));
    const models: ModelResult[] = [];
    for (const request of manifest.models) {
      const own = join(workFolder, request.name);
      host.fs.mkdir(own);
      const model = await measureModel(target, fromBundleRequest(request, { root: folder, workFolder: own }));
      assertSameModel(model, request, manifest);
      models.push(model);
    }
    const missing = target.missing.length;
    const evidence = evidenceOf(host, folder, manifest);
    const started = Date.parse(evidence.before?.at ?? manifest.madeAt);
    const written = await writeDeviceResult({
      host,
      results,
      startedMs: started,
      workFolder,
      parts: {
        command: "import-result",
        options: manifest.options,
        complete: missing === 0,
        target: { name: "bundle" },
        evidence,
        environment: environmentOfDevice(evidence, RUNNER_ENVIRONMENT),
        digests: [...manifest.digests, { role: "bundle", name: "bundle", sha256: manifest.digest }],
        drift: manifest.drift,
        steps: [],
        models,
      },
    });
    return { ...written, missing };
  } finally {
    host.fs.remove(workFolder);
  }
}

/** Results are judged against golden data that travelled along. */
function assertJudgeable(host: Host, folder: string, { files }: BundleManifest): void {
  for (const { path, sha256 } of files) {
    if (!path.includes("/golden/")) continue;
    const local = join(folder, path);
    if (host.fs.lstat(local)?.kind === "file" && sha256OfFile(host, local) === sha256) continue;
    throw new EngineError(
      "digest-mismatch",
      `Cannot judge by "${path}": it is not the file that the bundle was made with`,
      {
        hint: "Bring the folder back again, whole",
        subject: path,
      },
    );
  }
}

/** The runner tells the digest of the file it loaded. */
function assertSameModel(
  model: ModelResult,
  request: BundleManifest["models"][number],
  { files }: BundleManifest,
): void {
  for (const arm of model.arms) {
    const form = arm.backend === "cpu" ? request.cpu : request.vulkan;
    const wanted = files.find(({ path }) => path === `${form.folder}/${form.file}`)?.sha256;
    for (const { runner } of arm.runs) {
      const loaded = runner.model?.sha256 as Digest | undefined;
      if (loaded === undefined || loaded === wanted) continue;
      throw new EngineError("digest-mismatch", `The results of "${model.name}" are of another file`, {
        hint: "The model in the bundle was replaced; make a new bundle",
        detail: [`the runner loaded ${loaded}`, `the manifest has  ${wanted}`],
        subject: model.name,
      });
    }
  }
}

function evidenceOf(host: Host, folder: string, manifest: BundleManifest): TargetEvidence {
  const text = (name: string) => {
    const path = join(folder, "out", name);
    return host.fs.lstat(path) === undefined ? "" : host.fs.readTextFile(path);
  };
  const before = text("before.txt");
  const after = text("after.txt");
  // One state after the other; each begins with its time.
  const during = text("during.txt").split(/^(?=at=)/m).filter((part) => part.trim() !== "");
  const state = (part: string) => stateOf(readFacts(part), new Date(manifest.madeAt));
  return {
    transport: "bundle",
    profile: manifest.profile,
    identity: identityOf(readFacts(before)),
    versions: manifest.versions,
    ...(before === "" ? {} : { before: state(before) }),
    during: during.map(state),
    ...(after === "" ? {} : { after: state(after) }),
    notes: manifest.profile === "lab" ? ["A bundle sets nothing on its machine for the profile lab"] : [],
    reconnects: 0,
  };
}
