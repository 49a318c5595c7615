/**
 * A device is one session's at a time: two would disturb each other's figures, and each would end the other's processes.
 *
 * The device itself keeps whose it is, since it may be reached from several machines and under several names: a file with
 * the session's name, how long it is valid, and the number of the boot. Every script of a session renews it and ends
 * where it has become another's. A session that was killed is replaced at once where this machine knows that it has
 * ended, and otherwise when its time is up.
 *
 * @module
 */
import { DeviceError } from "./device_error.ts";
import { fact, readFacts } from "./facts.ts";
import { scriptText } from "./scripts/mod.ts";
import { withParameters } from "./sentinel.ts";
import type { ShellResult } from "./transport.ts";

/** A session that wants a device for itself. */
export interface DeviceSession {
  /** A UUID. */
  readonly id: string;
  /** Whose it is, for the others' message: `user@machine`. */
  readonly owner: string;
  /** Whether the session of that name is known to have ended, although it did not let go. */
  hasEnded(id: string): boolean;
}

/** Where a session works. */
export interface SessionPlace {
  readonly session: DeviceSession;
  /** Of the device, for messages. */
  readonly address: string;
  /** Folder on the device. */
  readonly folder: string;
  /** How long the device is kept after the last sign of life. */
  readonly keepMs: number;
}

/**
 * Takes the device for a session; its own once more is no error.
 *
 * @param shell runs a script on the device
 * @throws {DeviceError} "busy", "no-space"
 */
export async function claimDevice(
  shell: (script: string) => Promise<ShellResult>,
  { session, address, folder, keepMs }: SessionPlace,
): Promise<void> {
  let ended = "";
  for (;;) {
    const parameters = [folder, session.id, seconds(keepMs), session.owner, ended];
    const { output } = await shell(withParameters(scriptText("claim"), parameters));
    const facts = readFacts(output);
    const holder = fact(facts, "session");
    if (holder === session.id) return;
    if (holder === undefined) {
      throw new DeviceError("no-space", `Cannot write to "${folder}" on the device "${address}"`, {
        hint: "Remove files from it, or give another place with --device-folder",
      });
    }
    if (holder === ended || !session.hasEnded(holder)) {
      throw busy(address, fact(facts, "owner"), {
        silentS: fact(facts, "silent_s"),
        freeInS: fact(facts, "free_in_s"),
      });
    }
    ended = holder;
  }
}

/** A script that runs only while the device is the session's, and renews its claim. */
export function guarded(script: string, { session, folder, keepMs }: SessionPlace): string {
  return `${withParameters(scriptText("guard"), [folder, session.id, seconds(keepMs)])}\n${script}`;
}

/**
 * Passes the result of a {@linkcode guarded} script on.
 *
 * @throws {DeviceError} "busy", "restarted"
 */
export function assertOwn(result: ShellResult, { address }: Pick<SessionPlace, "address">): ShellResult {
  const { code, output } = result;
  if (code === TAKEN && output.startsWith("vkforge-session taken")) {
    throw busy(address, fact(readFacts(output), "owner"), {});
  }
  if (code === RESTARTED && output.startsWith("vkforge-session restarted")) {
    throw new DeviceError("restarted", `The device "${address}" was restarted while it was measured`, {
      hint: "Times from before and after do not belong together; measure again",
    });
  }
  return result;
}

/** A script that lets go of the device. */
export function releasing(
  { session, folder }: Pick<SessionPlace, "session" | "folder">,
  { keepFiles }: { readonly keepFiles: boolean },
): string {
  return withParameters(scriptText("release"), [folder, session.id, keepFiles ? "keep" : "remove"]);
}

/** Exit codes of `guard.sh`. */
const TAKEN = 75;
const RESTARTED = 76;

function busy(
  address: string,
  owner: string | undefined,
  { silentS, freeInS }: { readonly silentS?: string | undefined; readonly freeInS?: string | undefined },
): DeviceError {
  const by = owner === undefined ? "another vkforge" : `a vkforge of ${owner}`;
  return new DeviceError("busy", `The device "${address}" is in use by ${by}`, {
    hint: freeInS === undefined
      ? "Wait until that one has ended"
      : `Wait until that one has ended; if it was killed, the device is free in ${freeInS} s ` +
        `(last sign of life ${silentS} s ago)`,
  });
}

function seconds(ms: number): string {
  return String(Math.ceil(ms / 1_000));
}
