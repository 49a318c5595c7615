/**
 * Scripts on a device, whatever the connection does, while the device is this session's.
 *
 * A call whose connection is lost is tried again once the device was found again; what cannot be told from a success
 * never counts as one.
 *
 * @module
 */
import { EngineError, type Host } from "../../engine/mod.ts";
import { ConnectionLost, DeviceError } from "./device_error.ts";
import {
  assertOwn,
  claimDevice,
  type DeviceSession,
  guarded,
  releasing,
  type SessionPlace,
} from "./device_session.ts";
import { type ScriptName, scriptText } from "./scripts/mod.ts";
import { withParameters } from "./sentinel.ts";
import type { ShellResult, Transport } from "./transport.ts";

/** What a {@linkcode DeviceShell} needs. */
export interface DeviceShellOptions {
  readonly host: Host;
  readonly transport: Transport;
  readonly session: DeviceSession;
  /** Folder on the device. */
  readonly folder: string;
  /** How long the device may take to answer when it has nothing to do; beyond that the connection counts as lost. */
  readonly answerMs: number;
  /** How long to look for a device that went away. */
  readonly reconnectMs: number;
  readonly signal: AbortSignal;
  /** Told what takes time. */
  readonly onNote: (text: string) => void;
}

/** Bounds of a call that differ from those of others. */
export interface ShellBounds {
  readonly timeoutMs?: number;
  /** How long the device is kept for the call that follows. */
  readonly keepMs?: number;
}

/** Tries of one piece of work in which the connection was lost; more would hide that it cannot be done. */
export const MAX_TRIES = 25;

/** A session without a sign of life for longer than any call of it may take, and so much more, has lost the device. */
const KEEP_MARGIN_MS = 60_000;

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 2_000;

/** See the module's text. In all methods, `what` is what was done, for the message where the device is lost. */
export class DeviceShell {
  readonly #options: DeviceShellOptions;
  #signal: AbortSignal;
  #reconnects = 0;

  constructor(options: DeviceShellOptions) {
    this.#options = options;
    this.#signal = options.signal;
  }

  /** How often the connection was lost and found again so far. */
  get reconnects(): number {
    return this.#reconnects;
  }

  /** Aborted where the calls are to end. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  /** Calls from now on end with this signal and no longer with the one before: for cleaning up after Ctrl-C. */
  useSignal(signal: AbortSignal): void {
    this.#signal = signal;
  }

  /** Takes the device for the session. @throws {DeviceError} "busy", "no-space" */
  async claim(what: string): Promise<void> {
    await claimDevice((script) => this.#unguarded(script, what), this.#place());
  }

  /** Lets go of the device, and removes the folder unless its files are to be kept. */
  async release(what: string, options: { readonly keepFiles: boolean }): Promise<void> {
    await this.#unguarded(releasing(this.#place(), options), what);
  }

  /** Runs one of the scripts with parameters. */
  script(
    name: ScriptName,
    parameters: readonly string[],
    { what, ...bounds }: ShellBounds & { readonly what: string },
  ): Promise<ShellResult> {
    return this.run(withParameters(scriptText(name), parameters), what, bounds);
  }

  /**
   * Runs the text of a script while the device is the session's.
   *
   * @throws {DeviceError} "busy", "restarted", "connection-lost"; {@linkcode EngineError} "interrupted"
   */
  async run(script: string, what: string, bounds: ShellBounds = {}): Promise<ShellResult> {
    const place = this.#place(bounds.keepMs);
    return assertOwn(await this.#unguarded(guarded(script, place), what, bounds), place);
  }

  /** Tries until it is done; between tries, finds the device again. */
  async persist<T>(what: string, work: () => Promise<T>): Promise<T> {
    for (let tries = 1;; tries++) {
      try {
        return await work();
      } catch (error) {
        if (this.#signal.aborted) throw new EngineError("interrupted", "Measuring was stopped");
        if (!(error instanceof ConnectionLost)) throw error;
        if (tries === MAX_TRIES) throw this.#lost(error, what);
        await this.findAgain(error, what);
      }
    }
  }

  /** Looks for the device until it answers. @throws {DeviceError} "connection-lost" */
  async findAgain(cause: ConnectionLost, what: string): Promise<void> {
    const { host, transport, reconnectMs, answerMs, onNote } = this.#options;
    const signal = this.#signal;
    const started = host.clock.monotonic();
    for (let pause = FIRST_PAUSE_MS;; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
      try {
        await transport.reconnect({ timeoutMs: Math.max(answerMs, 1_000), signal });
        this.#reconnects++;
        return;
      } catch (error) {
        if (signal.aborted) throw new EngineError("interrupted", "Measuring was stopped");
        if (!(error instanceof ConnectionLost)) throw error;
        if (host.clock.monotonic() - started > reconnectMs) throw this.#lost(cause, what);
        if (pause === MAX_PAUSE_MS) onNote(`looking for the device again: ${error.message}`);
        await host.clock.sleep(pause, signal);
      }
    }
  }

  #unguarded(script: string, what: string, bounds: ShellBounds = {}): Promise<ShellResult> {
    const { transport, answerMs } = this.#options;
    const { timeoutMs = answerMs } = bounds;
    return this.persist(what, () => transport.shell(script, { timeoutMs, signal: this.#signal }));
  }

  #place(keepMs = 0): SessionPlace {
    const { session, transport, folder, answerMs, reconnectMs } = this.#options;
    // The longest of the usual calls takes files back.
    const longestMs = Math.max(keepMs, 10 * answerMs);
    return {
      session,
      address: transport.address,
      folder,
      keepMs: longestMs + reconnectMs + KEEP_MARGIN_MS,
    };
  }

  #lost(cause: ConnectionLost, what: string): DeviceError {
    const { transport, reconnectMs } = this.#options;
    return new DeviceError("connection-lost", `Lost the device "${transport.address}" while ${what}`, {
      hint: `It did not come back within ${
        Math.round(reconnectMs / 1000)
      } s; connect it again and repeat the command`,
      cause,
      detail: cause.message === "" ? [] : [cause.message],
    });
  }
}
