/**
 * The exit status of a script on another machine, told by the script itself: adb gives 0 for some of its own failures,
 * and a connection that breaks looks like a script that said little.
 *
 * @module
 */
import { ConnectionLost } from "./device_error.ts";
import type { ShellResult } from "./transport.ts";

/** The script with a last line that only its own end can print. */
export function withSentinel(script: string, nonce: string): string {
  return `(\n${script}\n)\necho "\nvkforge ${nonce} $?"`;
}

/**
 * What the script printed and its exit code.
 *
 * @param said what the program that carried it said, for the message
 * @throws {ConnectionLost} if the last line is not there, is another script's, or is cut off
 */
export function readSentinel(output: string, nonce: string, said = ""): ShellResult {
  const text = output.replaceAll("\r\n", "\n");
  const found = /(?:^|\n)vkforge ([0-9a-z-]+) (\d{1,3})\n$/.exec(text);
  if (found === null || found[1] !== nonce) {
    throw new ConnectionLost(said.trim() || "The end of a command was not seen");
  }
  return { code: Number(found[2]), output: text.slice(0, found.index) };
}

/** The script with its parameters `$1`, `$2` … set. */
export function withParameters(script: string, parameters: readonly string[]): string {
  return `set -- ${parameters.map(quote).join(" ")}\n${script}`;
}

/** A word for sh. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
