/**
 * The adb program: its server, the devices it knows, one call at a time.
 *
 * @module
 */
import type { Host } from "../../../engine/mod.ts";
import { DeviceError } from "../device_error.ts";
import { findProgram, type Program, type ProgramEnd, runProgram, userEnvironment } from "../program.ts";
import { scriptPath } from "../scripts/mod.ts";
import type { CallOptions } from "../transport.ts";
import { serverVersion } from "./server_version.ts";

/** A device as `adb devices -l` lists it. */
export interface AdbDevice {
  readonly serial: string;
  /** "device", "unauthorized", "offline", "no permissions", "recovery" … */
  readonly state: string;
  readonly model?: string;
}

/** Where adb lies and which server it asks. */
export interface AdbOptions {
  readonly host: Host;
  readonly program: Program;
  /** TCP port of the server on this machine. */
  readonly port: number;
}

const DEFAULT_PORT = 5037;
const START_TIMEOUT_MS = 20_000;
const OTHERS_START_MS = 2_000;

/** An adb on the `PATH`, if there is one. */
export function adbOnPath(host: Host): Program | undefined {
  const program = findProgram(host, "adb");
  return program === undefined ? undefined : { program, prefix: [], env: adbEnvironment(host) };
}

/** The adb of the locked image, run with its own loader. */
export function adbOfImage(host: Host, root: string): Program {
  const libraries = `${root}/usr/lib/x86_64-linux-gnu`;
  return {
    program: `${libraries}/ld-linux-x86-64.so.2`,
    prefix: [
      "--argv0",
      "adb",
      "--library-path",
      `${libraries}:${libraries}/android`,
      `${root}/usr/lib/android-sdk/platform-tools/adb`,
    ],
    env: adbEnvironment(host),
  };
}

/** The port that adb's users agree on. */
export function adbPort(host: Host): number {
  return Number(host.env.get("ANDROID_ADB_SERVER_PORT")) || DEFAULT_PORT;
}

function adbEnvironment(host: Host): Record<string, string> {
  return userEnvironment(host, ["ADB_VENDOR_KEYS", "ANDROID_USER_HOME", "XDG_RUNTIME_DIR"]);
}

/** See the module's text. */
export class Adb {
  readonly #options: AdbOptions;
  #server: AbortController | undefined;
  #ended: Promise<void> | undefined;

  private constructor(options: AdbOptions) {
    this.#options = options;
  }

  /**
   * Finds the server, or starts one that ends with {@linkcode close}, and with this process if that is killed.
   *
   * @throws {DeviceError} "no-adb"
   */
  static async open(options: AdbOptions, signal: AbortSignal): Promise<Adb> {
    const adb = new Adb(options);
    await adb.revive(signal);
    return adb;
  }

  /**
   * Starts a server where there is none: the one that was found may have been another command's, and has ended with it.
   *
   * @throws {DeviceError} "no-adb"
   */
  async revive(signal: AbortSignal): Promise<void> {
    const { host, port } = this.#options;
    if (await serverVersion(port) !== undefined) return;
    await this.close();
    const server = this.#start();
    const started = host.clock.monotonic();
    while (await serverVersion(port) === undefined) {
      // Another command may have been faster; its server is as good, and answers soon.
      const isTaken = /in use/.test(server.said());
      const patienceMs = !server.hasEnded() ? START_TIMEOUT_MS : isTaken ? OTHERS_START_MS : 0;
      if (signal.aborted || host.clock.monotonic() - started > patienceMs) {
        await this.close();
        signal.throwIfAborted();
        throw new DeviceError("no-adb", `Cannot start adb's server on port ${port}`, {
          hint: "Set ANDROID_ADB_SERVER_PORT to a free port, or start a server yourself: adb start-server",
          detail: server.said().trim().split("\n").slice(-5),
        });
      }
      await host.clock.sleep(50, signal);
    }
  }

  /** Port of the server. */
  get port(): number {
    return this.#options.port;
  }

  /** Runs adb with arguments; what went wrong is the caller's to read. */
  async run(args: readonly string[], options: CallOptions): Promise<ProgramEnd> {
    const { host, port } = this.#options;
    const { program, prefix, env } = this.#options.program;
    return await runProgram(host, { program, args: [...prefix, "-P", String(port), ...args], env }, options);
  }

  /** All devices that the server knows. */
  async devices(options: CallOptions): Promise<AdbDevice[]> {
    const { stdout } = await this.run(["devices", "-l"], options);
    return parseDevices(stdout);
  }

  /** Ends the server, if it was started here. */
  async close(): Promise<void> {
    this.#server?.abort();
    await this.#ended;
    this.#server = undefined;
  }

  /** In the foreground, as a child of this process: adb's own way to start one needs to find its own program. */
  #start() {
    const { host, port } = this.#options;
    const server = new AbortController();
    let said = "";
    let hasEnded = false;
    const decoder = new TextDecoder();
    const { program, prefix, env } = this.#options.program;
    const child = host.spawn("/bin/sh", {
      args: [scriptPath("adb_server"), program, ...prefix, "-P", String(port), "nodaemon", "server"],
      cwd: "/",
      env: { PATH: "/usr/bin:/bin", ...env },
      signal: server.signal,
      // The script writes to see whether somebody reads.
      onStdout: () => {},
      onStderr: (chunk) => void (said = (said + decoder.decode(chunk)).slice(-4_096)),
    });
    this.#server = server;
    this.#ended = child.exit.then(() => void (hasEnded = true), () => void (hasEnded = true));
    return { hasEnded: () => hasEnded, said: () => said };
  }
}

/** Reads what `adb devices -l` prints. */
export function parseDevices(text: string): AdbDevice[] {
  return text.split("\n").flatMap((line) => {
    const found = /^(\S+)\s+(no permissions|\S+)(.*)$/.exec(line.trimEnd());
    if (found === null || line.startsWith("List of") || line.startsWith("*")) return [];
    const [, serial = "", state = "", rest = ""] = found;
    const model = /\bmodel:(\S+)/.exec(rest)?.[1];
    return [{ serial, state, ...(model === undefined ? {} : { model }) }];
  });
}
