/**
 * This command's session on a device, and what this machine knows of other ones.
 *
 * A session holds a kernel lock of its name for as long as its process lives. So a session that was killed is known to
 * have ended at once, without a time to wait for; of another machine's nothing is known.
 *
 * @module
 */
import { join } from "node:path";
import type { Host } from "../engine/mod.ts";
import type { DeviceSession } from "../measure/targets/mod.ts";

/** No device is kept for a session that has been silent for so long. */
const FORGOTTEN_MS = 24 * 60 * 60_000;

const NAME = /^[0-9a-f-]{36}$/;

/** See the module's text. */
export class HeldSession implements DeviceSession, Disposable {
  readonly id = crypto.randomUUID();
  readonly owner: string;
  readonly #host: Host;
  readonly #folder: string;
  readonly #lock: ReturnType<Host["fs"]["tryLock"]>;
  /** Files that nobody needs once the device is free. */
  readonly #spent: string[];

  /** @param folder the same for all commands of the user; nobody else removes files from it */
  constructor(host: Host, folder: string, machine = Deno.hostname()) {
    this.#host = host;
    this.#folder = folder;
    host.fs.mkdir(folder);
    const user = host.env.get("USER") || host.env.get("LOGNAME") || `user ${host.machine.userId}`;
    // One word on the device.
    this.owner = `${user}@${machine}`.replaceAll(/[^\w.@-]+/g, "-");
    this.#lock = host.fs.tryLock(this.#path(this.id));
    this.#spent = [this.#path(this.id)];
    this.#sweep();
  }

  /** See {@linkcode DeviceSession.hasEnded}. */
  hasEnded(id: string): boolean {
    const { fs } = this.#host;
    // It was read from a device.
    if (!NAME.test(id) || fs.lstat(this.#path(id)) === undefined) return false;
    using lock = fs.tryLock(this.#path(id));
    if (lock === undefined) return false;
    this.#spent.push(this.#path(id));
    return true;
  }

  /** To be told when the device is free again: what is kept for the sessions after this one is removed. */
  forget(): void {
    for (const path of this.#spent) this.#host.fs.remove(path);
  }

  /** Without {@linkcode forget}, the device may still be kept for this session: the next one will know better. */
  [Symbol.dispose](): void {
    this.#lock?.[Symbol.dispose]();
  }

  /** Sessions that ended long ago: their devices are free anyway, or were never seen again. */
  #sweep(): void {
    const { fs, clock } = this.#host;
    for (const { name } of fs.readDir(this.#folder)) {
      const path = join(this.#folder, name);
      const changedMs = fs.lstat(path)?.modifiedMs ?? Infinity;
      if (!name.startsWith("session-") || clock.now() - changedMs < FORGOTTEN_MS) continue;
      using lock = fs.tryLock(path);
      if (lock !== undefined) fs.remove(path);
    }
  }

  #path(id: string): string {
    return join(this.#folder, `session-${id}`);
  }
}
