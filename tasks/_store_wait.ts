/**
 * How commands wait for a store that others use.
 *
 * @module
 */
import type { WaitOptions } from "../engine/store/upkeep.ts";

/** Says so once. Ctrl-C ends the wait with the process: nothing has been touched yet. */
export function waitOptions(): WaitOptions {
  return {
    signal: new AbortController().signal,
    onWait: () => console.error("Waiting: another vkforge uses the store"),
  };
}
