/**
 * The scripts that run on the other machine. Files of their own, so that they can be read and checked as what they are.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Names of the scripts. */
export type ScriptName =
  | "run"
  | "describe"
  | "probe"
  | "claim"
  | "guard"
  | "release"
  | "sweep"
  | "process"
  | "list"
  | "lab";

/** Path of a script on this machine; "adb_server" runs here and not on a device. */
export function scriptPath(name: ScriptName | "adb_server"): string {
  return join(import.meta.dirname ?? ".", `${name}.sh`);
}

/** Text of a script. */
export function scriptText(name: ScriptName): string {
  return readFileSync(scriptPath(name), "utf8");
}
