/**
 * A way to another machine: a shell there, files to it and files from it. What it is used for lies above, in
 * `remote_target.ts`, and is the same for adb and ssh.
 *
 * @module
 */

/** Bounds of one call. */
export interface CallOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How a script ended, as the other side told. */
export interface ShellResult {
  readonly code: number;
  readonly output: string;
}

/** See the module's text. */
export interface Transport {
  /** "adb" or "ssh". */
  readonly kind: string;
  /** Serial number or host. */
  readonly address: string;
  /** Versions of the programs on the way, by name. */
  versions(signal: AbortSignal): Promise<Record<string, string>>;
  /**
   * Runs a script in the other side's sh; gives its standard output and its true exit code.
   *
   * @throws {ConnectionLost} where the end of the script was not seen
   * @throws {DeviceError} where trying again cannot help
   */
  shell(script: string, options: CallOptions): Promise<ShellResult>;
  /** Copies files and folders into a folder there that exists. May fail half-way: whoever calls it looks. */
  send(paths: readonly string[], folder: string, options: CallOptions): Promise<void>;
  /** Copies a folder's content into a folder here. May fail half-way, as above. */
  receive(folder: string, to: string, options: CallOptions): Promise<void>;
  /**
   * Tries once to find the way again.
   *
   * @throws {ConnectionLost} not yet
   * @throws {DeviceError} where trying again cannot help
   */
  reconnect(options: CallOptions): Promise<void>;
  /** Lets go of what it holds here. */
  close(): Promise<void>;
}
