/**
 * Running models on another machine, whatever the way to it.
 *
 * A process there is started once, in a session of its own, and goes on when the connection is lost; what it wrote is
 * taken back and checked against the digests that the machine told. What comes of a broken connection is another try or
 * a {@linkcode DeviceError}, never a result of the model.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { EngineError, type Host } from "../../engine/mod.ts";
import { readRunnerResult } from "../result.ts";
import {
  RUNNER_ENVIRONMENT,
  runnerArguments,
  type RunnerPlaces,
  type RunRequest,
} from "../runner_arguments.ts";
import type { Bundle, BundleFile } from "./bundle.ts";
import { ConnectionLost, DeviceError } from "./device_error.ts";
import { DeviceShell, type DeviceShellOptions, MAX_TRIES } from "./device_shell.ts";
import type { DeviceState, Profile, TargetEvidence } from "./evidence.ts";
import { identityOf, readFacts, stateOf } from "./facts.ts";
import { withoutResult } from "./host_target.ts";
import { readDigests, readProcessReport, wordsOf } from "./process_report.ts";
import { quote } from "./sentinel.ts";
import { stageFiles } from "./stage.ts";
import type { PushReport, RemoteTarget, RunOutcome } from "./target.ts";
import { tooWarm } from "./thermal_gate.ts";

/** What a {@linkcode ShellTarget} needs; `folder` is as `probe` found it. */
export interface ShellTargetOptions extends DeviceShellOptions {
  readonly bundle: Bundle;
  readonly profile: Profile;
  /** A folder of this machine to work in. */
  readonly workFolder: string;
  /** For one process. */
  readonly timeoutMs: number;
  /** Between questions after a running process: a connection that hangs is noticed that late at most. */
  readonly watchMs: number;
  /** How long to wait for a warm device to cool down. */
  readonly coolDownMs: number;
}

/** The least time that cleaning up may take. */
const CLEAN_MS = 60_000;

/** Slowest way that is still waited for. */
const MIN_BYTES_PER_SECOND = 200_000;

const COOL_DOWN_STEP_MS = 5_000;

/** Exit codes of `run.sh`. */
const WRONG_ABI = 66;
const NO_VULKAN = 69;

/** See the module's text. */
export class ShellTarget implements RemoteTarget {
  readonly environment = RUNNER_ENVIRONMENT;
  readonly #options: ShellTargetOptions;
  readonly #device: DeviceShell;
  readonly #notes: string[] = [];
  readonly #during: DeviceState[] = [];
  #identity: Record<string, string> = {};
  #versions: Record<string, string> = {};
  #before: DeviceState | undefined;
  #after: DeviceState | undefined;
  #pushed: PushReport | undefined;
  #started = 0;
  #isWaitingNoted = false;

  constructor(options: ShellTargetOptions) {
    this.#options = options;
    this.#device = new DeviceShell(options);
  }

  /** How often the connection was lost and found again so far. */
  get reconnects(): number {
    return this.#device.reconnects;
  }

  /** Takes the device, takes away what an earlier session left, and sets the profile. */
  async prepare(): Promise<void> {
    const { folder, profile, transport } = this.#options;
    const signal = this.#device.signal;
    await this.#device.claim("getting ready");
    await this.#device.script("sweep", [folder], { what: "getting ready" });
    const { output } = await this.#device.script("lab", [folder, profile === "lab" ? "on" : "off"], {
      what: "getting ready",
    });
    this.#notes.push(...readFacts(output).get("note") ?? []);
    this.#versions = await this.#device.persist("getting ready", () => transport.versions(signal));
  }

  /** See {@linkcode RemoteTarget.push}. */
  async push(): Promise<PushReport> {
    const { host, bundle, folder, transport, workFolder, answerMs } = this.#options;
    const signal = this.#device.signal;
    const sent = new Set<string>();
    const wanted = new Set(bundle.files.map(({ path }) => path));
    let pushedBytes = 0;
    for (let tries = 0;; tries++) {
      const { digests, freeBytes } = await this.#list();
      // What belongs to another bundle, a driver say, would change what this one does. Other models are left for later.
      const strangers = [...digests.keys()].filter((path) =>
        !wanted.has(path) && !path.startsWith("models/")
      );
      if (strangers.length > 0) await this.#remove(strangers.map((path) => `bundle/${path}`));
      const missing = bundle.files.filter((file) => digests.get(file.path) !== file.sha256);
      if (missing.length === 0) break;
      if (tries === MAX_TRIES) {
        throw new DeviceError(
          "connection-lost",
          `Cannot bring the files to the device "${transport.address}"`,
          {
            hint: "What arrives there is not what was sent; try another cable or port",
            detail: missing.slice(0, 5).map(({ path }) => `  ${path}`),
          },
        );
      }
      this.#assertSpace(missing, digests, freeBytes);
      // Files without the right to be written to could not be replaced.
      const stale = missing.filter(({ path }) => digests.has(path));
      if (stale.length > 0) await this.#remove(stale.map(({ path }) => `bundle/${path}`));
      const stage = join(workFolder, `push-${tries}`);
      stageFiles(host, missing, stage);
      const bytes = sizeOf(missing);
      const timeoutMs = answerMs + bytes / MIN_BYTES_PER_SECOND * 1_000;
      await this.#device.run(":", "sending files", { keepMs: timeoutMs });
      try {
        // Tried once: what is there afterwards is looked at, not assumed, and only the rest is sent again.
        await transport.send(
          host.fs.readDir(stage).map(({ name }) => join(stage, name)),
          `${folder}/bundle`,
          { timeoutMs, signal },
        );
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        await this.#device.findAgain(error, "sending files");
      } finally {
        host.fs.remove(stage);
      }
      for (const { path } of missing) sent.add(path);
      pushedBytes += bytes;
    }
    this.#pushed = { files: bundle.files.length, pushedFiles: sent.size, pushedBytes };
    return this.#pushed;
  }

  /** See {@linkcode Target.run}. */
  async run(request: RunRequest): Promise<RunOutcome> {
    const { bundle, folder, timeoutMs, watchMs, transport } = this.#options;
    await this.#coolDown();
    this.#started++;
    const id = `${this.#started}-${crypto.randomUUID().slice(0, 8)}`;
    const words = wordsFor(bundle, request, {
      model: bundleFolder(bundle, request.modelFolder),
      plugin: "bin",
      input: bundleFolder(bundle, request.inputFolder),
      out: `../runs/${id}/out`,
      timeoutMs,
    });
    const { output, end } = await this.#watch([folder, id, String(Math.ceil(watchMs / 100)), ...words]);
    this.#during.push(this.#stateIn(output));
    if (end.kind !== "exit") {
      if (end.kind === "gone" && isFull(output)) throw this.#noSpace();
      throw end.kind === "gone"
        ? new DeviceError(
          "restarted",
          `The device "${transport.address}" ended a running model without a trace`,
          {
            hint:
              "It was restarted, or killed the process for want of memory; look after it and measure again",
          },
        )
        : new DeviceError("busy", `The device "${transport.address}" did not end a model in time`, {
          hint: "Restart the device and measure again; the runner ends itself unless its driver hangs",
        });
    }
    this.#assertStarted(end.code, end.log);
    const remote = `${folder}/runs/${id}`;
    await this.#take(`${remote}/out`, request.outFolder, end.digests);
    await this.#remove([`runs/${id}`]);
    const path = join(request.outFolder, "result.json");
    const isThere = this.#options.host.fs.lstat(path) !== undefined;
    const runner = isThere
      ? await readRunnerResult(path)
      : withoutResult({ kind: "exit", code: end.code }, end.log.join("\n"));
    // That says nothing of the model.
    if (
      !runner.ok && (isFull(output) || isFull(`${runner.failure.message} ${runner.failure.detail ?? ""}`))
    ) {
      throw this.#noSpace();
    }
    return { runner, wallMs: end.wallMs };
  }

  /** See {@linkcode RemoteTarget.pull}. Checked against what the device says that the folder holds. */
  async pull(remote: string, folder: string): Promise<void> {
    const { output } = await this.#device.run(
      `cd ${quote(remote)} && find . -type f -exec sha256sum {} +`,
      "taking files back",
    );
    await this.#take(remote, folder, readDigests(output));
  }

  /** See {@linkcode RemoteTarget.describe}; the first time it also looks whether there is Vulkan. */
  async describe(): Promise<TargetEvidence> {
    const { folder } = this.#options;
    const { output } = await this.#device.script("describe", [], { what: "describing the device" });
    const state = this.#stateIn(output);
    if (this.#before === undefined) {
      this.#identity = identityOf(readFacts(output));
      this.#before = state;
      const check = await this.#device.run(
        `cd ${quote(folder)} && sh bundle/run check 2>&1`,
        "looking for Vulkan",
      );
      this.#assertStarted(check.code, wordsOf(check.output));
      if (check.code !== 0) throw this.#noVulkan(wordsOf(check.output));
    } else this.#after = state;
    return this.evidence();
  }

  /** What is known so far, without asking the device. */
  evidence(): TargetEvidence {
    const { profile, transport } = this.#options;
    return {
      transport: transport.kind,
      address: transport.address,
      profile,
      identity: this.#identity,
      versions: this.#versions,
      ...this.#evidence(),
    };
  }

  /** See {@linkcode RemoteTarget.clean}. */
  async clean({ keepFiles }: { readonly keepFiles: boolean }): Promise<void> {
    const { folder, answerMs } = this.#options;
    // After Ctrl-C too, but not for long.
    this.#device.useSignal(AbortSignal.timeout(Math.max(4 * answerMs, CLEAN_MS)));
    // Once more: the device may have been restarted. Where it is another session's by now, nothing of it is touched.
    await this.#device.claim("cleaning up");
    await this.#device.script("lab", [folder, "off"], { what: "cleaning up" });
    await this.#device.script("sweep", [folder], { what: "cleaning up" });
    await this.#device.release("cleaning up", { keepFiles });
  }

  /** Starts a process, or finds the one that was started, and waits until it has ended. */
  async #watch(parameters: readonly string[]) {
    const { host, timeoutMs, answerMs, watchMs } = this.#options;
    const started = host.clock.monotonic();
    for (;;) {
      const { output, end } = await this.#device.persist("a model ran", async () => {
        const { output } = await this.#device.script("process", parameters, {
          what: "a model ran",
          timeoutMs: watchMs + answerMs,
        });
        return { output, end: readProcessReport(output) };
      });
      // The runner ends itself before that; one that cannot is ended by cleaning up.
      const isLate = host.clock.monotonic() - started > timeoutMs + watchMs;
      if (end.kind !== "running" || isLate) return { output, end };
    }
  }

  #evidence() {
    return {
      ...(this.#before === undefined ? {} : { before: this.#before }),
      during: [...this.#during],
      ...(this.#after === undefined ? {} : { after: this.#after }),
      notes: [...this.#notes],
      reconnects: this.#device.reconnects,
      ...(this.#pushed === undefined ? {} : { pushed: this.#pushed }),
    };
  }

  #stateIn(output: string): DeviceState {
    return stateOf(readFacts(output), new Date(this.#options.host.clock.now()));
  }

  async #list(): Promise<{ readonly digests: ReadonlyMap<string, string>; readonly freeBytes: number }> {
    const { output } = await this.#device.script("list", [this.#options.folder], {
      what: "looking at its files",
      timeoutMs: 10 * this.#options.answerMs,
    });
    const free = Number(readFacts(output).get("free_kb")?.[0] ?? Number.NaN);
    return { digests: readDigests(output), freeBytes: Number.isNaN(free) ? Infinity : free * 1024 };
  }

  #assertSpace(
    missing: readonly BundleFile[],
    digests: ReadonlyMap<string, string>,
    freeBytes: number,
  ): void {
    const wanted = sizeOf(missing.filter(({ path }) => !digests.has(path)));
    if (wanted <= freeBytes) return;
    const { transport, folder } = this.#options;
    throw new DeviceError(
      "no-space",
      `No space on the device "${transport.address}" for ${mebibytes(wanted)}`,
      {
        hint: `${folder} has ${
          mebibytes(freeBytes)
        } left; remove files, or give another place with --device-folder`,
      },
    );
  }

  #noSpace(): DeviceError {
    const { transport, folder } = this.#options;
    return new DeviceError(
      "no-space",
      `The device "${transport.address}" ran out of space while a model ran`,
      { hint: `Results are written to ${folder}; remove files, or give another place with --device-folder` },
    );
  }

  /** A folder of the device, whole or not at all. */
  async #take(remote: string, folder: string, digests: ReadonlyMap<string, string>): Promise<void> {
    const { host, transport, workFolder, answerMs } = this.#options;
    const signal = this.#device.signal;
    const part = join(workFolder, "pull");
    await this.#device.persist("taking files back", async () => {
      host.fs.remove(part);
      host.fs.mkdir(part);
      await transport.receive(remote, part, { timeoutMs: 10 * answerMs, signal });
      for (const [path, sha256] of digests) {
        const local = join(part, path);
        if (host.fs.lstat(local)?.kind !== "file" || digestOf(host, local) !== sha256) {
          throw new ConnectionLost(`"${path}" did not arrive as it was sent`);
        }
      }
    });
    host.fs.mkdir(folder);
    // Only what was told and checked.
    for (const path of digests.keys()) {
      host.fs.mkdir(dirname(join(folder, path)));
      host.fs.remove(join(folder, path));
      host.fs.rename(join(part, path), join(folder, path));
    }
    host.fs.remove(part);
  }

  async #remove(paths: readonly string[]): Promise<void> {
    const { folder } = this.#options;
    // The most that every system takes in one command.
    for (let from = 0; from < paths.length; from += 50) {
      const some = paths.slice(from, from + 50).map((path) => quote(`${folder}/${path}`));
      await this.#device.run(`rm -rf ${some.join(" ")}`, "cleaning up");
    }
  }

  async #coolDown(): Promise<void> {
    const { host, profile, coolDownMs, onNote } = this.#options;
    const signal = this.#device.signal;
    let state = this.#during.at(-1) ?? this.#before;
    const started = host.clock.monotonic();
    for (;;) {
      const reason = state && tooWarm(state, { baseline: this.#before, profile });
      if (reason === undefined) return;
      if (host.clock.monotonic() - started >= coolDownMs) {
        this.#notes.push(
          `Measured on a warm device: ${reason} after ${Math.round(coolDownMs / 1000)} s of waiting`,
        );
        return;
      }
      if (!this.#isWaitingNoted) onNote(`waiting for the device to cool down: ${reason}`);
      this.#isWaitingNoted = true;
      await host.clock.sleep(Math.min(COOL_DOWN_STEP_MS, coolDownMs), signal);
      const { output } = await this.#device.script("describe", ["state"], {
        what: "waiting for it to cool down",
      });
      state = this.#stateIn(output);
    }
  }

  #assertStarted(code: number, log: readonly string[]): void {
    if (code === NO_VULKAN) throw this.#noVulkan(log);
    if (code === WRONG_ABI) {
      const { transport } = this.#options;
      throw new DeviceError(
        "wrong-abi",
        `The device "${transport.address}" has another processor than the files`,
        {
          hint: "Run test-device for this device: it takes the files that fit",
          detail: log,
        },
      );
    }
  }

  #noVulkan(detail: readonly string[]): DeviceError {
    const { transport } = this.#options;
    return new DeviceError("no-vulkan", `The device "${transport.address}" has no Vulkan that works`, {
      hint: "Install its GPU's driver, or bring one in software with --driver swiftshader",
      detail,
    });
  }
}

/** Less is no space: a file that did not fit has taken the rest. */
const FULL_KB = 64;

/** Whether something failed for want of space, by what was said of it. */
function isFull(text: string): boolean {
  const free = readFacts(text).get("free_kb")?.[0];
  return /No space left on device/.test(text) || (free !== undefined && Number(free) < FULL_KB);
}

/** Torch for Android has the backend built in: there is no plug-in to load. */
function wordsFor(bundle: Bundle, request: RunRequest, places: RunnerPlaces): string[] {
  const words = runnerArguments(request, places);
  const at = words.indexOf("--plugin");
  if (at < 0 || bundle.files.some(({ path }) => path === words[at + 1])) return words;
  return words.toSpliced(at, 2);
}

function bundleFolder({ folders }: Bundle, folder: string): string {
  const found = folders.get(folder);
  if (found === undefined) throw new EngineError("io", `The folder "${folder}" is not part of the bundle`);
  return found;
}

function digestOf(host: Host, path: string): string {
  const hash = createHash("sha256");
  host.fs.readChunks(path, (chunk) => void hash.update(chunk));
  return hash.digest("hex");
}

function sizeOf(files: readonly BundleFile[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
