/**
 * Measuring on a device: build what fits it, bring it there, run, take back, clean up.
 *
 * @module
 */
import { join } from "node:path";
import type { Effort } from "../measure/effort.ts";
import { measureModel, type ModelResult, type Result } from "../measure/mod.ts";
import {
  ConnectionLost,
  DeviceError,
  probe,
  ShellTarget,
  type TargetEvidence,
  type Transport,
} from "../measure/targets/mod.ts";
import { PORTABLE_PLATFORMS, portableRuntime } from "../recipes/bundle/mod.ts";
import type { MainJob } from "../recipes/project.ts";
import { assembleBundle } from "./_bundle.ts";
import {
  type DeviceValues,
  environmentOfDevice,
  modelRequests,
  optionsOf,
  writeDeviceResult,
} from "./_device_result.ts";
import { digestsOf, driftOf } from "./_provenance.ts";
import { HeldSession } from "./_device_session.ts";
import { deviceFolder, openDevice, type TargetChoice } from "./_device_target.ts";
import { stepTimings } from "./_environment.ts";
import type { Session } from "./_session.ts";

/** For one process of the runner. */
const RUN_TIMEOUT_MS = 15 * 60_000;

const ANSWER_MS = 30_000;
const WATCH_MS = 20_000;

/** What {@linkcode measureOnDevice} measures. */
export interface DeviceRequest {
  readonly job: MainJob;
  readonly target: Extract<TargetChoice, { readonly kind: "adb" | "ssh" }>;
  readonly effort: Effort;
  readonly effortName: string;
  readonly values: DeviceValues & {
    readonly deviceFolder?: string | undefined;
    readonly sshConfig?: string | undefined;
    readonly reconnect: number;
    readonly coolDown: number;
    readonly remove?: true | undefined;
    readonly results: string;
  };
}

/**
 * Measures. Where that is cut short, what there is is written as an incomplete result.
 *
 * @throws {DeviceError} where the device cannot be used, or was lost; the folder of the incomplete result is in its detail
 * @throws {EngineError} "interrupted"
 */
export async function measureOnDevice(
  session: Session,
  request: DeviceRequest,
): Promise<{ readonly result: Result; readonly folder: string }> {
  const { host, engine, project, renderer, signal } = session;
  const { job, target, values, effort } = request;
  using work = engine.store.workFolder();
  // Sockets lie here: a path of a hundred characters is too long for them.
  const socketFolder = Deno.makeTempDirSync({ prefix: "vkforge-" });
  using _sockets = { [Symbol.dispose]: () => host.fs.remove(socketFolder) };
  await using device = await openDevice(session, {
    target,
    sshConfig: values.sshConfig,
    workFolder: socketFolder,
  });
  const { transport } = device;
  await firstContact(transport, signal);
  const found = await probe(transport, values.deviceFolder, { timeoutMs: ANSWER_MS, signal });
  const runtime = await portableRuntime(host, project, { platforms: found.platforms, runtime: job.runtime });
  if (runtime === undefined) {
    const names = found.platforms.map(({ abi, libc }) =>
      `${libc === "bionic" ? "Android" : "Linux"} on ${abi}`
    );
    throw new DeviceError(
      "wrong-abi",
      `There is no runner for the device "${transport.address}": ${names.join(", ")}`,
      {
        hint: `There are runners for ${PORTABLE_PLATFORMS}`,
      },
    );
  }
  const manifests = await engine.build([...job.targets, runtime.step], signal, "test-device");
  const bundle = assembleBundle(host, engine, { job, runtime, manifests, driver: values.driver });
  using own = new HeldSession(host, deviceFolder(session));
  const remote = new ShellTarget({
    host,
    transport,
    bundle,
    profile: values.profile,
    session: own,
    folder: found.folder,
    workFolder: join(work.path, "transfer"),
    timeoutMs: RUN_TIMEOUT_MS,
    answerMs: ANSWER_MS,
    watchMs: WATCH_MS,
    reconnectMs: values.reconnect * 1_000,
    coolDownMs: values.coolDown * 1_000,
    signal,
    onNote: (text) => renderer.say(text),
  });
  const measureStartMs = host.clock.now() - session.startedMs;
  const started = host.clock.monotonic();
  let isGone = false;
  const models: ModelResult[] = [];
  const workFolder = join(work.path, "models");
  const seed = values.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
  const write = (complete: boolean, evidence: TargetEvidence) =>
    writeDeviceResult({
      host,
      results: values.results,
      startedMs: session.startedMs,
      workFolder,
      parts: {
        command: "test-device",
        options: optionsOf({ values, effort, seed }, request.effortName),
        complete,
        target: { name: transport.kind, address: transport.address },
        evidence,
        environment: environmentOfDevice(evidence, remote.environment),
        digests: digestsOf(manifests),
        drift: driftOf(session),
        steps: [
          ...stepTimings(session.events),
          {
            name: "measure",
            status: complete ? "ran" : "failed",
            startMs: measureStartMs,
            durationMs: host.clock.monotonic() - started,
          },
        ],
        models,
      },
    });
  try {
    await remote.prepare();
    renderer.say(`bringing files to ${transport.kind}:${transport.address}`);
    const { files, pushedFiles, pushedBytes } = await remote.push();
    renderer.say(`${pushedFiles} of ${files} files sent, ${(pushedBytes / 1e6).toFixed(1)} MB`);
    const { identity } = await remote.describe();
    const processors = [Number(identity.processors) || 1];
    for (
      const one of modelRequests(session, { job, manifests, values, effort, seed, processors, workFolder })
    ) {
      renderer.say(`measuring ${one.name}`);
      host.fs.mkdir(one.workFolder);
      models.push(await measureModel(remote, one, (partial) => models.push(partial)));
    }
    return await write(true, await remote.describe());
  } catch (error) {
    isGone = error instanceof DeviceError && error.problem === "connection-lost";
    if (!models.some(({ arms }) => arms.some(({ runs }) => runs.length > 0))) throw error;
    const evidence = remote.evidence();
    const note = error instanceof Error ? error.message : String(error);
    const { folder } = await write(false, { ...evidence, notes: [...evidence.notes, note] });
    renderer.say(`incomplete: ${join(folder, "report.html")}`);
    throw error instanceof DeviceError ? withKept(error, folder) : error;
  } finally {
    if (!isGone && await isClean(session, remote, values.remove !== true)) own.forget();
  }
}

/** The same failure, with the way to what was measured before it. */
function withKept(error: DeviceError, folder: string): DeviceError {
  return new DeviceError(error.problem, error.message, {
    hint: error.hint ?? "Connect the device again and repeat the command",
    cause: error,
    detail: [...error.detail, `What was measured until then is kept, marked as incomplete: ${folder}`],
  });
}

/** A wrong name or a machine that is off is told at once, not after minutes of building. */
async function firstContact(transport: Transport, signal: AbortSignal): Promise<void> {
  try {
    await transport.shell(":", { timeoutMs: ANSWER_MS, signal });
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    throw new DeviceError("unreachable", `Cannot reach "${transport.kind}:${transport.address}"`, {
      hint: "Check that it is on, awake and connected, and that its daemon runs",
      cause: error,
      detail: error.message === "" ? [] : [error.message],
    });
  }
}

/** Also after Ctrl-C, and where it cannot be done it is said: it must not hide what went wrong before. */
async function isClean(
  { renderer }: Session,
  remote: ShellTarget,
  keepFiles: boolean,
): Promise<boolean> {
  try {
    await remote.clean({ keepFiles });
    return true;
  } catch (error) {
    renderer.say(
      `could not clean up the device: ${
        error instanceof Error ? error.message : error
      }; the next test-device will`,
    );
    return false;
  }
}
