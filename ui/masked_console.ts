/**
 * The console without secrets: whatever a command prints, lines and JSON documents alike.
 *
 * @module
 */
import type { Secrets } from "../engine/secrets/mod.ts";

/** Makes a console mask texts and errors from now on. What is no text is printed as it is. */
export function maskConsole(secrets: Secrets, target: Console = console): void {
  for (const name of ["log", "info", "warn", "error"] as const) {
    const print = target[name].bind(target);
    target[name] = (...words: unknown[]) => print(...words.map((word) => secrets.maskError(word)));
  }
}
