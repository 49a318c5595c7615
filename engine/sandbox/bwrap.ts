/**
 * The sandbox made by bubblewrap: no daemon, no root, a few milliseconds to start.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError } from "../error.ts";
import type { ChildProcess, Host, SpawnOptions } from "../host.ts";
import { launcher, launcherVariations } from "./_launcher.ts";
import { watchUsage } from "./usage.ts";
import {
  BASE_ENVIRONMENT,
  type Sandbox,
  type SandboxExit,
  type SandboxResult,
  type SandboxRun,
  type Variation,
  type VariationName,
} from "./sandbox.ts";

/** How often memory and processes are looked at. */
const WATCH_INTERVAL_MS = 250;

/** Longer than any machine needs for an empty sandbox. */
const PROBE_TIMEOUT_MS = 10_000;

/** Runs programs through a bubblewrap that lies in a folder of its own. */
export class BwrapSandbox implements Sandbox {
  readonly name = "bwrap";
  readonly #host: Host;
  readonly #toolsRoot: string;

  /** @param toolsRoot folder with bubblewrap and the libraries it needs, as Debian lays them out */
  constructor(host: Host, toolsRoot: string) {
    this.#host = host;
    this.#toolsRoot = toolsRoot;
  }

  /**
   * Makes an empty sandbox once, to learn whether this machine allows it.
   *
   * @throws {EngineError} "sandbox-unavailable" with the reason in words and what to do
   */
  async probe(): Promise<void> {
    const { program, prefix } = bwrapCommand(this.#toolsRoot);
    let output = "";
    const decoder = new TextDecoder();
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    const child = this.#spawn(program, {
      args: [
        ...prefix,
        ...isolation(),
        "--ro-bind",
        this.#toolsRoot,
        "/",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--",
        // The loader itself is the one program that every root has.
        LOADER,
        "--version",
      ],
      cwd: "/",
      env: {},
      signal,
      onStdout: () => {},
      onStderr: (chunk) => output += decoder.decode(chunk, { stream: true }),
    });
    const exit = await child.exit;
    if (exit.code !== 0) throw unavailable(this.#host, output.trim() || `exit code ${exit.code}`);
  }

  /** See {@linkcode Sandbox.run}. */
  async run(run: SandboxRun): Promise<SandboxResult> {
    const { clock } = this.#host;
    const { program, prefix } = bwrapCommand(this.#toolsRoot);
    const started = clock.monotonic();
    const stop = new AbortController();
    const done = new AbortController();
    let ended: SandboxExit | undefined;
    const end = (exit: SandboxExit) => {
      ended ??= exit;
      stop.abort();
    };
    const onAbort = () => end({ kind: "cancelled" });
    if (run.signal.aborted) return { exit: { kind: "cancelled" }, durationMs: 0, peakMemoryBytes: 0 };
    const [first, ...args] = [
      ...launcher(this.#host, run.variation),
      program,
      ...prefix,
      ...bwrapArguments(run),
      "--",
      ...limited(run),
    ];
    const child = this.#spawn(first!, {
      args,
      cwd: "/",
      env: {},
      signal: stop.signal,
      onStdout: run.onOutput,
      onStderr: run.onOutput,
    });
    run.signal.addEventListener("abort", onAbort, { once: true });
    const peak = watchUsage(this.#host, child.pid, {
      memoryBytes: run.limits.memoryBytes,
      threads: run.limits.processes,
      intervalMs: WATCH_INTERVAL_MS,
      signal: done.signal,
      onExceeded: (usage) =>
        end(
          usage.threads > run.limits.processes
            ? { kind: "too-many-processes" }
            : { kind: "out-of-memory", usedBytes: usage.memoryBytes },
        ),
    });
    clock.sleep(run.limits.timeoutMs, done.signal).then(() => end({ kind: "timeout" }), () => {});
    try {
      const { code } = await child.exit;
      done.abort();
      return {
        exit: ended ?? { kind: "exit", code },
        durationMs: clock.monotonic() - started,
        peakMemoryBytes: await peak,
      };
    } finally {
      // Also where its output could not be taken, say on a full disk: neither watch nor clock may go on.
      done.abort();
      run.signal.removeEventListener("abort", onAbort);
    }
  }

  /** See {@linkcode Sandbox.variations}. */
  async variations(): Promise<ReadonlySet<VariationName>> {
    const own: VariationName[] = ["hostName", "userId", "buildPath", "temporaryFolder", "directoryOrder"];
    return new Set([...own, ...await launcherVariations(this.#host)]);
  }

  #spawn(program: string, options: SpawnOptions): ChildProcess {
    try {
      return this.#host.spawn(program, options);
    } catch (error) {
      throw unavailable(this.#host, error instanceof Error ? error.message : String(error));
    }
  }
}

const LIBRARIES = "/usr/lib/x86_64-linux-gnu";
/** The loader itself: the one program that every root has. */
export const LOADER = `${LIBRARIES}/ld-linux-x86-64.so.2`;

/** Starts bubblewrap with its own loader and libraries, so that the host's C library does not matter. */
function bwrapCommand(toolsRoot: string): { program: string; prefix: string[] } {
  return {
    program: join(toolsRoot, LOADER),
    prefix: ["--library-path", join(toolsRoot, LIBRARIES), join(toolsRoot, "usr/bin/bwrap")],
  };
}

/** What separates the program from the machine. */
function isolation({ hostName = "vkforge", userId = 1000 }: Variation = {}): string[] {
  return [
    "--unshare-all",
    "--unshare-user",
    "--disable-userns",
    "--uid",
    String(userId),
    "--gid",
    String(userId),
    "--hostname",
    hostName,
    "--die-with-parent",
    "--new-session",
    "--cap-drop",
    "ALL",
    "--clearenv",
  ];
}

/**
 * Files of the kernel that ask only who opens them, and no capability: where the host's root runs the sandbox, its
 * program is that root to them, and could write `kernel/core_pattern`. The same paths that container engines cover.
 */
const KERNEL_SETTINGS = ["acpi", "bus", "fs", "irq", "mtrr", "sys", "sysrq-trigger"].map((name) =>
  `/proc/${name}`
);

/** The arguments up to the command. */
export function bwrapArguments(run: SandboxRun): string[] {
  const environment = { ...BASE_ENVIRONMENT, ...run.environment };
  const { buildPath, temporaryFolder } = run.variation ?? {};
  return [
    ...isolation(run.variation),
    ...Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]),
    "--ro-bind",
    run.image.root,
    "/",
    "--proc",
    "/proc",
    ...KERNEL_SETTINGS.flatMap((path) => ["--ro-bind-try", path, path]),
    // These are the host's own device files. Bubblewrap cannot mount them read-only (it would forbid their use too), so
    // that a program run by the host's root can change their permissions.
    "--dev",
    "/dev",
    // Memory by another name: without a size it could grow to half of the machine's.
    "--size",
    String(run.limits.memoryBytes),
    "--tmpfs",
    "/dev/shm",
    "--remount-ro",
    "/dev",
    ...(temporaryFolder === undefined
      ? ["--size", String(run.limits.memoryBytes), "--tmpfs", "/tmp"]
      : ["--bind", temporaryFolder, "/tmp"]),
    "--tmpfs",
    "/in",
    ...run.mounts.flatMap((mount) => ["--ro-bind", mount.source, mount.target]),
    "--remount-ro",
    "/in",
    "--bind",
    run.buildFolder,
    "/build",
    "--bind",
    run.outFolder,
    "/out",
    ...(buildPath === undefined ? [] : ["--bind", run.buildFolder, buildPath]),
    "--chdir",
    buildPath ?? "/build",
  ];
}

/**
 * The number of processes is a limit of the kernel's too, set by a shell inside, where it counts for this sandbox alone.
 * The kernel lets the host's root pass it; then the watch alone holds it.
 */
function limited(run: SandboxRun): string[] {
  return [
    "/bin/bash",
    "-c",
    `umask 022; ulimit -c 0 -u ${run.limits.processes}; exec "$@"`,
    "bash",
    ...run.command,
  ];
}

function unavailable(host: Host, reason: string): EngineError {
  return new EngineError("sandbox-unavailable", `Cannot make a sandbox on this machine: ${reason}`, {
    hint: sandboxHint(host),
  });
}

function sandboxHint(host: Host): string {
  if (kernelSetting(host, "kernel/apparmor_restrict_unprivileged_userns") === "1") {
    return "AppArmor forbids user namespaces here; run `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or run as root";
  }
  if (kernelSetting(host, "kernel/unprivileged_userns_clone") === "0") {
    return "User namespaces are off for ordinary users; run `sudo sysctl kernel.unprivileged_userns_clone=1`, or run as root";
  }
  if (kernelSetting(host, "user/max_user_namespaces") === "0") {
    return "User namespaces are off; run `sudo sysctl user.max_user_namespaces=10000`";
  }
  return "User namespaces may be forbidden inside a container; start it with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`, or run on the host";
}

function kernelSetting(host: Host, name: string): string | undefined {
  try {
    return host.fs.readTextFile(`/proc/sys/${name}`).trim();
  } catch {
    return undefined;
  }
}
