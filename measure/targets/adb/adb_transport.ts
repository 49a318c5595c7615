/**
 * The way to a device through adb.
 *
 * @module
 */
import { ConnectionLost, DeviceError } from "../device_error.ts";
import type { ProgramEnd } from "../program.ts";
import { readSentinel, withSentinel } from "../sentinel.ts";
import type { CallOptions, ShellResult, Transport } from "../transport.ts";
import type { Adb } from "./adb.ts";
import { assertReady } from "./choose_device.ts";

/** `adb connect` takes the address of a device on the network; a serial number of USB has no colon. */
const NETWORK = /^\S+:\d+$/;

const PROBE_TIMEOUT_MS = 10_000;

/** See the module's text. */
export class AdbTransport implements Transport {
  readonly kind = "adb";
  readonly address: string;
  readonly #adb: Adb;

  constructor(adb: Adb, serial: string) {
    this.#adb = adb;
    this.address = serial;
  }

  /** See {@linkcode Transport.versions}. */
  async versions(signal: AbortSignal): Promise<Record<string, string>> {
    const options = { timeoutMs: PROBE_TIMEOUT_MS, signal };
    const { stdout } = await this.#adb.run(["version"], options);
    const features = await this.#call(["features"], options);
    return {
      adb: /Version (\S+)/.exec(stdout)?.[1] ?? "unknown",
      "adb protocol": /version (\S+)/.exec(stdout)?.[1] ?? "unknown",
      "adbd features": features.stdout.trim().split(/\s+/).sort().join(" "),
    };
  }

  /** See {@linkcode Transport.shell}. */
  async shell(script: string, options: CallOptions): Promise<ShellResult> {
    const nonce = crypto.randomUUID();
    const end = await this.#call(["shell", "-T", withSentinel(script, nonce)], options);
    return readSentinel(end.stdout, nonce, this.#said(end, options));
  }

  /** See {@linkcode Transport.send}. */
  async send(paths: readonly string[], folder: string, options: CallOptions): Promise<void> {
    this.#assertDone(await this.#call(["push", ...paths, `${folder}/`], options), options);
  }

  /** See {@linkcode Transport.receive}. */
  async receive(folder: string, to: string, options: CallOptions): Promise<void> {
    this.#assertDone(await this.#call(["pull", `${folder}/.`, to], options), options);
  }

  /** See {@linkcode Transport.reconnect}. */
  async reconnect(options: CallOptions): Promise<void> {
    const short = { ...options, timeoutMs: Math.min(options.timeoutMs, PROBE_TIMEOUT_MS) };
    await this.#reviveServer(options.signal);
    const find = async () => (await this.#adb.devices(short)).find(({ serial }) => serial === this.address);
    let device = await find();
    if (NETWORK.test(this.address) && device?.state !== "device") {
      // It says what it could not do with exit code 0; the list of devices tells.
      if (device !== undefined) await this.#adb.run(["disconnect", this.address], short);
      await this.#adb.run(["connect", this.address], short);
      device = await find();
    }
    if (device === undefined) throw new ConnectionLost(`adb sees no device "${this.address}"`);
    if (device.state !== "device" && !/^(unauthorized|no permissions)$/.test(device.state)) {
      throw new ConnectionLost(`adb calls the device "${device.state}"`);
    }
    assertReady(device);
    try {
      await this.shell(":", short);
    } catch (error) {
      // adb does not see that a connection has fallen silent.
      if (error instanceof ConnectionLost) await this.#kick(short);
      throw error;
    }
  }

  /** Nothing of its own; the server belongs to whoever opened it. */
  async close(): Promise<void> {}

  /** A server that does not start now may do so in a moment. */
  async #reviveServer(signal: AbortSignal): Promise<void> {
    try {
      await this.#adb.revive(signal);
    } catch (error) {
      throw error instanceof DeviceError ? new ConnectionLost(error.message, { cause: error }) : error;
    }
  }

  async #kick(options: CallOptions): Promise<void> {
    if (NETWORK.test(this.address)) await this.#adb.run(["disconnect", this.address], options);
    else await this.#call(["reconnect"], options);
  }

  async #call(args: readonly string[], options: CallOptions): Promise<ProgramEnd> {
    return await this.#adb.run(["-s", this.address, ...args], options);
  }

  #assertDone(end: ProgramEnd, options: CallOptions): void {
    if (end.code === 0 && !end.timedOut) return;
    const said = this.#said(end, options);
    if (/No space left on device/.test(`${end.stdout}${end.stderr}`)) throw noSpace(this.address, said);
    throw new ConnectionLost(said);
  }

  #said(end: ProgramEnd, { timeoutMs }: CallOptions): string {
    if (end.timedOut) return `No answer within ${Math.round(timeoutMs / 1000)} s`;
    return end.stderr.trim().split("\n").at(-1)?.replace(/^(adb|ld-linux\S*): (error: )?/, "") ?? "";
  }
}

function noSpace(address: string, said: string): DeviceError {
  return new DeviceError("no-space", `No space is left on the device "${address}"`, {
    hint: "Remove files from it, or give another place with --device-folder",
    detail: [said],
  });
}
