/**
 * A device that is this machine: scripts run in its sh, files are copied. The connection can be lost as a test wishes.
 *
 * @module
 */
import { ConnectionLost } from "../../measure/targets/device_error.ts";
import { runProgram } from "../../measure/targets/program.ts";
import { readSentinel, withSentinel } from "../../measure/targets/sentinel.ts";
import type { CallOptions, ShellResult, Transport } from "../../measure/targets/transport.ts";
import { host } from "./_rig.ts";

/** See the module's text. */
export class LocalTransport implements Transport {
  readonly kind = "local";
  readonly address = "here";
  /** Called before each call; what it throws is what the call ends with. */
  onCall: (script: string) => void = () => {};
  readonly #shell: readonly string[];

  /** @param shell program that takes `-c SCRIPT` */
  constructor(shell: readonly string[] = ["/bin/sh"]) {
    this.#shell = shell;
  }

  versions(): Promise<Record<string, string>> {
    return Promise.resolve({});
  }

  async shell(script: string, options: CallOptions): Promise<ShellResult> {
    this.onCall(script);
    const nonce = crypto.randomUUID();
    const { stdout } = await this.#run([...this.#shell, "-c", withSentinel(script, nonce)], options);
    return readSentinel(stdout, nonce);
  }

  async send(paths: readonly string[], folder: string, options: CallOptions): Promise<void> {
    await this.#copy([...paths], folder, options);
  }

  async receive(folder: string, to: string, options: CallOptions): Promise<void> {
    await this.#copy([`${folder}/.`], to, options);
  }

  reconnect(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #copy(paths: readonly string[], to: string, options: CallOptions): Promise<void> {
    this.onCall("");
    const { code, stderr } = await this.#run(["/bin/cp", "-r", ...paths, to], options);
    if (code !== 0) throw new ConnectionLost(stderr);
  }

  async #run([program = "", ...args]: readonly string[], options: CallOptions) {
    return await runProgram(host, { program, args, env: { PATH: "/usr/bin:/bin" } }, options);
  }
}
