/**
 * The way to a machine through ssh, with the user's own configuration, keys and known hosts.
 *
 * @module
 */
import type { Host } from "../../../engine/mod.ts";
import { ConnectionLost, DeviceError } from "../device_error.ts";
import { findProgram, type ProgramEnd, runProgram, userEnvironment } from "../program.ts";
import { quote, readSentinel, withSentinel } from "../sentinel.ts";
import type { CallOptions, ShellResult, Transport } from "../transport.ts";

/** Options of {@linkcode SshTransport.open}. */
export interface SshOptions {
  readonly host: Host;
  /** `host`, `user@host`, `host:port`; names of the user's configuration count. */
  readonly destination: string;
  /** In place of the user's. */
  readonly configFile?: string;
  /** Folder for the socket of the shared connection; its path must be short. */
  readonly workFolder: string;
}

const PROBE_TIMEOUT_MS = 20_000;

/** See the module's text. */
export class SshTransport implements Transport {
  readonly kind = "ssh";
  readonly address: string;
  readonly #host: Host;
  readonly #programs: { readonly ssh: string; readonly scp: string };
  readonly #options: readonly string[];
  readonly #port: string | undefined;
  readonly #destination: string;

  private constructor(
    { host, destination, configFile, workFolder }: SshOptions,
    programs: { readonly ssh: string; readonly scp: string },
  ) {
    this.#host = host;
    this.#programs = programs;
    this.address = destination;
    const [, name, port] = /^(.*?)(?::(\d+))?$/.exec(destination)!;
    this.#destination = name!;
    this.#port = port;
    this.#options = [
      ...(configFile === undefined ? [] : ["-F", configFile]),
      // Nobody is there to answer a question.
      "-oBatchMode=yes",
      "-oConnectTimeout=10",
      "-oServerAliveInterval=5",
      "-oServerAliveCountMax=3",
      // One connection for all calls: a call takes milliseconds instead of a handshake.
      "-oControlMaster=auto",
      `-oControlPath=${workFolder}/ssh-%C`,
      "-oControlPersist=30",
      "-oLogLevel=ERROR",
    ];
  }

  /** @throws {DeviceError} "unreachable" where this machine has no ssh */
  static open(options: SshOptions): SshTransport {
    const [ssh, scp] = ["ssh", "scp"].map((name) => findProgram(options.host, name));
    if (ssh === undefined || scp === undefined) {
      throw new DeviceError("unreachable", "Cannot find ssh and scp on this machine", {
        hint: "Install OpenSSH's client (Debian: openssh-client)",
      });
    }
    return new SshTransport(options, { ssh, scp });
  }

  /** See {@linkcode Transport.versions}. */
  async versions(signal: AbortSignal): Promise<Record<string, string>> {
    const { stderr } = await this.#run(this.#programs.ssh, ["-V"], { timeoutMs: PROBE_TIMEOUT_MS, signal });
    return { ssh: stderr.trim() };
  }

  /** See {@linkcode Transport.shell}. */
  async shell(script: string, options: CallOptions): Promise<ShellResult> {
    const nonce = crypto.randomUUID();
    const port = this.#port === undefined ? [] : ["-p", this.#port];
    // Through sh, whatever the user's own shell there is.
    const command = `exec sh -c ${quote(withSentinel(script, nonce))}`;
    const args = [...this.#options, ...port, "-n", "-T", this.#destination, command];
    const end = await this.#run(this.#programs.ssh, args, options);
    if (end.code === 255) this.#assertHealable(end);
    return readSentinel(end.stdout, nonce, said(end, options));
  }

  /** See {@linkcode Transport.send}. */
  async send(paths: readonly string[], folder: string, options: CallOptions): Promise<void> {
    await this.#copy([...paths, `${this.#remote()}:${folder}/`], options);
  }

  /** See {@linkcode Transport.receive}. */
  async receive(folder: string, to: string, options: CallOptions): Promise<void> {
    await this.#copy([`${this.#remote()}:${folder}/.`, to], options);
  }

  /** See {@linkcode Transport.reconnect}. */
  async reconnect(options: CallOptions): Promise<void> {
    await this.#leave(options);
    await this.shell(":", { ...options, timeoutMs: Math.min(options.timeoutMs, PROBE_TIMEOUT_MS) });
  }

  /** Ends the shared connection. */
  async close(): Promise<void> {
    await this.#leave({ timeoutMs: PROBE_TIMEOUT_MS, signal: new AbortController().signal });
  }

  async #leave(options: CallOptions): Promise<void> {
    const port = this.#port === undefined ? [] : ["-p", this.#port];
    const args = [...this.#options, ...port, "-O", "exit", this.#destination];
    await this.#run(this.#programs.ssh, args, { ...options, timeoutMs: PROBE_TIMEOUT_MS });
  }

  async #copy(places: readonly string[], options: CallOptions): Promise<void> {
    const port = this.#port === undefined ? [] : ["-P", this.#port];
    const end = await this.#run(
      this.#programs.scp,
      [...this.#options, ...port, "-r", "-p", "-q", ...places],
      options,
    );
    if (end.code === 0 && !end.timedOut) return;
    if (/No space left on device|write remote .*: Failure/.test(end.stderr)) {
      throw new DeviceError("no-space", `No space is left on "${this.address}"`, {
        hint: "Remove files from it, or give another place with --device-folder",
        detail: [said(end, options)],
      });
    }
    throw new ConnectionLost(said(end, options));
  }

  /** An address of IPv6 has colons of its own. */
  #remote(): string {
    const [, user = "", name = ""] = /^(.*@)?(.*)$/.exec(this.#destination)!;
    return name.includes(":") ? `${user}[${name}]` : `${user}${name}`;
  }

  async #run(program: string, args: readonly string[], options: CallOptions): Promise<ProgramEnd> {
    const env = userEnvironment(this.#host, ["SSH_AUTH_SOCK"]);
    return await runProgram(this.#host, { program, args, env }, options);
  }

  /** @throws {DeviceError} for what ssh says that will not change by itself */
  #assertHealable(end: ProgramEnd): void {
    const text = end.stderr;
    if (/Permission denied|Too many authentication failures/.test(text)) {
      throw new DeviceError("unauthorized", `Cannot log in to "${this.address}"`, {
        hint: "Make `ssh HOST true` work without a question: a key, ssh-agent, or ~/.ssh/config",
        detail: text.trim().split("\n"),
      });
    }
    if (/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/.test(text)) {
      throw new DeviceError("unauthorized", `Cannot trust "${this.address}": its key is not the known one`, {
        hint: "Run `ssh HOST` once and compare the key",
        detail: text.trim().split("\n"),
      });
    }
    if (/Could not resolve hostname/.test(text)) {
      throw new DeviceError("unreachable", `Cannot find the host "${this.address}"`, {
        hint: "Check the name in --target ssh:HOST",
        detail: text.trim().split("\n"),
      });
    }
  }
}

function said(end: ProgramEnd, { timeoutMs }: CallOptions): string {
  if (end.timedOut) return `No answer within ${Math.round(timeoutMs / 1000)} s`;
  return end.stderr.trim().split("\n").at(-1) ?? "";
}
