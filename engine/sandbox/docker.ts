/**
 * The sandbox made by a container engine: Docker, Podman, or what speaks Docker's API; on this machine or another.
 *
 * Nothing is mounted from this machine. The image goes in as an archive, once; inputs as an archive into a volume that
 * the step sees read-only; outputs come back as an archive.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import { LOADER } from "./bwrap.ts";
import type { Body, Container, ContainerState, Docker, EngineInfo } from "./docker_api.ts";
import type { EngineAddress } from "./docker_address.ts";
import { bodyOf, openDockerClient } from "./docker_client.ts";
import { type ContainerNames, containerOptions, feederOptions, wrapped } from "./docker_container.ts";
import { engineFailure, statusOf, unreachable } from "./docker_failure.ts";
import { type LayerDigests, loadImage } from "./docker_image.ts";
import { takeOutputs } from "./docker_outputs.ts";
import { DockerSession, reapSessions, removeContainer, removeImage, removeVolume } from "./docker_session.ts";
import { peakMemory, unframe } from "./docker_stream.ts";
import { hostItems, tarChunks, type TarItem } from "./docker_tar.ts";
import type { RootImage, Sandbox, SandboxExit, SandboxResult, SandboxRun, VariationName } from "./sandbox.ts";

/** Options of {@linkcode DockerSandbox.open}. */
export interface DockerOptions {
  readonly host: Host;
  readonly address: EngineAddress;
  /** The store: remembers digests of layers. */
  readonly layers: LayerDigests;
  /** Folder for the records of who owns which containers. */
  readonly sessions: string;
  readonly signal: AbortSignal;
}

/** Longer than an engine takes to say who it is. */
const ANSWER_TIMEOUT_MS = 10_000;
/** "Hijacked", since the program waits for a line of input. */
const ATTACHED = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true } as const;
/** Engines sample once a second, and the first sample costs most. */
const WATCH_DELAY_MS = 1_000;
const PROBE_LIMITS = { memoryBytes: 64 * 2 ** 20, processes: 16, timeoutMs: 30_000 };
const ARCHITECTURES = ["x86_64", "amd64"];

/** Runs programs in containers. */
export class DockerSandbox implements Sandbox {
  readonly name = "docker";
  /** What the engine calls itself, with its version. */
  readonly engine: string;
  readonly #options: DockerOptions;
  readonly #docker: Docker;
  readonly #info: EngineInfo;
  readonly #isPodman: boolean;
  readonly #session: DockerSession;
  /** Images that the engine has, or is getting. */
  readonly #images = new Map<string, Promise<string>>();
  #runs = 0;

  private constructor(options: DockerOptions, answer: Answer) {
    this.#options = options;
    this.#docker = answer.docker;
    this.#info = answer.info;
    this.#isPodman = answer.isPodman;
    this.engine = answer.engine;
    this.#session = new DockerSession({
      ...options,
      docker: answer.docker,
      url: this.url,
      folder: options.sessions,
    });
  }

  /**
   * Asks an engine who it is, and removes what vkforge's processes left there that died.
   *
   * @throws {EngineError} "sandbox-unavailable" where it does not answer or cannot hold a step to its limits
   */
  static async open(options: DockerOptions): Promise<DockerSandbox> {
    const { host, address, sessions, signal } = options;
    try {
      const answer = await ask(options);
      checkInfo(answer.info, address.url);
      await reapSessions({ host, docker: answer.docker, url: address.url, folder: sessions });
      return new DockerSandbox(options, answer);
    } catch (error) {
      signal.throwIfAborted();
      throw engineFailure(error, { url: address.url, action: "say what it can do" });
    }
  }

  /** Where the engine answers. */
  get url(): string {
    return this.#options.address.url;
  }

  /**
   * Runs a program once, to learn whether the engine can.
   *
   * @param tools an image with a C library
   * @throws {EngineError} "sandbox-unavailable" with the reason in words and what to do
   */
  async probe(tools: RootImage): Promise<void> {
    let output = "";
    const decoder = new TextDecoder();
    const { exit } = await this.#run({
      image: tools,
      mounts: [],
      command: [LOADER, "--version"],
      environment: {},
      limits: PROBE_LIMITS,
      signal: this.#options.signal,
      onOutput: (chunk) => output += decoder.decode(chunk, { stream: true }),
    });
    this.#options.signal.throwIfAborted();
    if (exit.kind === "exit" && exit.code === 0) return;
    const reason = output.trim() || (exit.kind === "exit" ? `exit code ${exit.code}` : exit.kind);
    const architecture = ARCHITECTURES.includes(this.#info.Architecture)
      ? ""
      : ` on ${this.#info.Architecture}`;
    throw engineFailure(new Error(reason), { url: this.url, action: `run an x86_64 program${architecture}` });
  }

  /** See {@linkcode Sandbox.variations}. */
  variations(): Promise<ReadonlySet<VariationName>> {
    return Promise.resolve(new Set(["hostName", "cpus"] as const));
  }

  /** See {@linkcode Sandbox.run}. */
  async run(run: SandboxRun): Promise<SandboxResult> {
    const { outFolder: _out, buildFolder: _build, ...rest } = run;
    return await this.#run({ ...rest, command: wrapped(run) }, run.outFolder);
  }

  async #run(run: ContainerRun, outFolder?: string): Promise<SandboxResult> {
    const cancelled: SandboxResult = { exit: { kind: "cancelled" }, durationMs: 0, peakMemoryBytes: 0 };
    if (run.signal.aborted) return cancelled;
    this.#checkLimits(run);
    using _held = this.#session.hold();
    const leftovers = new Leftovers({ host: this.#options.host, docker: this.#docker });
    let feeding: Promise<void> | undefined;
    try {
      const image = await this.#image(run.image, run.signal);
      if (run.image.temporary === true) leftovers.add("image", image);
      const name = `vkforge-${this.#session.shortId}-${++this.#runs}`;
      const names = { image, name, labels: this.#session.labels };
      const inputs = run.mounts.length === 0 ? {} : { inputs: `${name}-in` };
      // Inputs go in while the container starts, which takes longest; its program waits for them.
      feeding = this.#feed(run, { ...names, ...inputs }, leftovers);
      feeding.catch(() => {});
      leftovers.add("container", name);
      const container = await this.#docker.createContainer(
        containerOptions(run, { ...names, ...inputs }, { isPodman: this.#isPodman }),
      );
      const result = await this.#execute(container, run, feeding);
      if (outFolder !== undefined && result.exit.kind === "exit") {
        const archive = await container.getArchive({ path: "/out", abortSignal: run.signal });
        await takeOutputs(archive, { host: this.#options.host, folder: outFolder, signal: run.signal });
      }
      return run.signal.aborted ? { ...result, exit: { kind: "cancelled" } } : result;
    } catch (error) {
      if (run.signal.aborted) return cancelled;
      throw engineFailure(error, { url: this.url, action: "run a container" });
    } finally {
      // What is still being made must be there before it can be removed.
      await feeding?.catch(() => {});
      if (!await leftovers.remove()) this.#session.leave();
    }
  }

  /** Puts the inputs into their volume, through a container that never runs. */
  async #feed(run: ContainerRun, { inputs, ...names }: ContainerNames, leftovers: Leftovers): Promise<void> {
    if (inputs === undefined) return;
    const name = `${names.name}-feeder`;
    leftovers.add("volume", inputs);
    leftovers.add("container", name);
    const feeder = await this.#docker.createContainer(feederOptions({ ...names, name, inputs }));
    const chunks = tarChunks(inputItems(run.mounts, this.#options.host));
    await feeder.putArchive(bodyOf(chunks), { path: "/in", abortSignal: run.signal });
    leftovers.removeSoon("container", name);
  }

  async #execute(
    container: Container,
    run: ContainerRun,
    feeding: Promise<void>,
  ): Promise<SandboxResult> {
    const { clock } = this.#options.host;
    const { signal, limits } = run;
    const done = new AbortController();
    let ended: SandboxExit | undefined;
    let peakMemoryBytes = 0;
    const output = await container.attach({ ...ATTACHED, abortSignal: signal });
    const stop = () => {
      container.kill().catch((error) => {
        // An answer means that it has ended, and its output with it. No answer: neither would ever end.
        if (statusOf(error) === undefined) output.destroy(error);
      });
    };
    const end = (exit: SandboxExit) => {
      ended ??= exit;
      stop();
    };
    const onAbort = () => end({ kind: "cancelled" });
    const written = readOutput(output, run.onOutput);
    // Nobody takes its output any more: it must not go on alone. The error itself is told below.
    written.catch(stop);
    await container.start({ abortSignal: signal });
    await feeding;
    output.write("\n");
    const started = clock.monotonic();
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    clock.sleep(limits.timeoutMs, done.signal).then(() => end({ kind: "timeout" }), () => {});
    const watch = this.#watch(container, done.signal, (bytes) => peakMemoryBytes = bytes);
    try {
      await written;
      const { OOMKilled, ExitCode: code } = await this.#ended(container);
      ended ??= OOMKilled && code !== 0
        ? { kind: "out-of-memory", usedBytes: Math.max(peakMemoryBytes, limits.memoryBytes) }
        : { kind: "exit", code };
      return { exit: ended, durationMs: clock.monotonic() - started, peakMemoryBytes };
    } finally {
      done.abort();
      signal.removeEventListener("abort", onAbort);
      await watch;
    }
  }

  /**
   * How a container ended whose output has. Asked again and again, since the engine's own "wait" never tells of a
   * connection that broke (the client drops an error in the middle of an answer).
   */
  async #ended(container: Container): Promise<ContainerState> {
    for (let pauseMs = 5;; pauseMs = Math.min(2 * pauseMs, 500)) {
      const { State } = await container.inspect();
      if (!State.Running) return State;
      await this.#options.host.clock.sleep(pauseMs);
    }
  }

  /** Samples until the signal; what goes wrong with it is no failure of the run. */
  async #watch(container: Container, signal: AbortSignal, onPeak: (bytes: number) => void): Promise<void> {
    try {
      await this.#options.host.clock.sleep(WATCH_DELAY_MS, signal);
      const samples = await container.stats({ stream: true });
      signal.addEventListener("abort", () => samples.destroy(), { once: true });
      if (signal.aborted) samples.destroy();
      else await peakMemory(samples, onPeak);
    } catch {
      // It ended.
    }
  }

  #image(image: RootImage, signal: AbortSignal): Promise<string> {
    const { host, layers } = this.#options;
    const load = () => loadImage(image, { host, layers, docker: this.#docker, signal });
    if (image.temporary === true) return load();
    const known = this.#images.get(image.digest);
    if (known !== undefined) return known;
    const loading = load().catch((error) => {
      this.#images.delete(image.digest);
      throw error;
    });
    this.#images.set(image.digest, loading);
    return loading;
  }

  #checkLimits({ limits }: ContainerRun): void {
    if (limits.memoryBytes <= this.#info.MemTotal) return;
    throw new EngineError(
      "sandbox-unavailable",
      `The container engine at "${this.url}" has ${
        mebibytes(this.#info.MemTotal)
      } MiB of memory, the step may use ${mebibytes(limits.memoryBytes)} MiB`,
      { hint: "Give the engine's machine more memory, or use `--engine bwrap`" },
    );
  }
}

type ContainerRun = Omit<SandboxRun, "outFolder" | "buildFolder">;

interface Answer {
  readonly docker: Docker;
  readonly info: EngineInfo;
  readonly isPodman: boolean;
  readonly engine: string;
}

async function ask({ host, address, signal }: DockerOptions): Promise<Answer> {
  const docker = await openDockerClient(host, address, signal);
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
  try {
    const [version, info] = await Promise.all([
      docker.version({ abortSignal }),
      docker.info({ abortSignal }),
    ]);
    const podman = version.Components?.find(({ Name }) => Name === "Podman Engine");
    const engine = podman === undefined ? `Docker ${version.Version}` : `Podman ${podman.Version}`;
    return { docker, info, isPodman: podman !== undefined, engine };
  } catch (error) {
    if (abortSignal.aborted) throw unreachable(new Error("it did not answer within 10 s"), address.url);
    throw error;
  }
}

function checkInfo(info: EngineInfo, url: string): void {
  if (info.OSType !== undefined && info.OSType !== "linux") {
    throw new EngineError(
      "sandbox-unavailable",
      `The container engine at "${url}" runs ${info.OSType} containers`,
      {
        hint: "Switch it to Linux containers",
      },
    );
  }
  const missing = [
    ...(info.MemoryLimit === false ? ["memory"] : []),
    ...(info.PidsLimit === false ? ["processes"] : []),
  ];
  if (missing.length === 0) return;
  throw new EngineError(
    "sandbox-unavailable",
    `The container engine at "${url}" cannot limit ${missing.join(" and ")}`,
    {
      hint:
        "Its machine lacks control groups, or an engine without root may not use them; see `docker info`, or use `--engine bwrap`",
    },
  );
}

/** Everything below `/in`, each folder before what it holds. */
function* inputItems(mounts: SandboxRun["mounts"], host: Host): Generator<TarItem> {
  const made = new Set<string>();
  for (const { source, target } of mounts) {
    const path = target.slice("/in/".length);
    for (let slash = path.indexOf("/"); slash > 0; slash = path.indexOf("/", slash + 1)) {
      const folder = path.slice(0, slash);
      if (!made.has(folder)) yield { kind: "folder", path: folder, mode: 0o755, timeS: 0 };
      made.add(folder);
    }
    yield* hostItems(host, source, path);
  }
}

async function readOutput(output: Body, onOutput: (chunk: Uint8Array) => void): Promise<void> {
  const take = unframe(onOutput);
  for await (const chunk of output) take(chunk);
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

/** What a run made in the engine, and in which order it goes. */
class Leftovers {
  readonly #engine: { readonly host: Host; readonly docker: Docker };
  readonly #names = { container: new Set<string>(), volume: new Set<string>(), image: new Set<string>() };
  readonly #removing: Promise<unknown>[] = [];

  constructor(engine: { readonly host: Host; readonly docker: Docker }) {
    this.#engine = engine;
  }

  add(kind: "container" | "volume" | "image", name: string): void {
    this.#names[kind].add(name);
  }

  removeSoon(kind: "container", name: string): void {
    this.#names[kind].delete(name);
    this.#removing.push(removeContainer(this.#engine, name).catch(() => this.add(kind, name)));
  }

  /** Removes all; gives whether that is done, which an engine that is gone does not do. */
  async remove(): Promise<boolean> {
    await Promise.all(this.#removing);
    const engine = this.#engine;
    const all = async (names: Iterable<string>, remove: (name: string) => Promise<void>) =>
      (await Promise.allSettled([...names].map(remove))).every(({ status }) => status === "fulfilled");
    const containers = await all(this.#names.container, (name) => removeContainer(engine, name));
    const volumes = await all(this.#names.volume, (name) => removeVolume(engine, name));
    await all(this.#names.image, (name) => removeImage(engine.docker, name));
    return containers && volumes;
  }
}
