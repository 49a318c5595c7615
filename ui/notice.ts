/**
 * Warnings and drift: said loudly, but once, however many steps run into them.
 *
 * @module
 */
import type { Event } from "../engine/event.ts";
import { cleanLine } from "./clean.ts";

/** Something the reader should know although the build goes on. */
export interface Notice {
  readonly kind: "warning" | "drift";
  readonly text: string;
  readonly hint: string | undefined;
}

/** Gives each notice once. */
export class Notices {
  readonly #seen = new Set<string>();

  /** The notice in this event, unless it was given before or there is none. */
  take(event: Event): Notice | undefined {
    const notice = noticeOf(event);
    if (notice === undefined) return undefined;
    const key = `${notice.kind} ${notice.text}`;
    if (this.#seen.has(key)) return undefined;
    this.#seen.add(key);
    return notice;
  }
}

function noticeOf(event: Event): Notice | undefined {
  if (event.type === "warning") {
    return {
      kind: "warning",
      text: cleanLine(event.message),
      hint: event.hint === undefined ? undefined : cleanLine(event.hint),
    };
  }
  if (event.type !== "drift") return undefined;
  const { source, lockedVersion, usedVersion, lockedSha256, usedSha256, reason } = event.drift;
  const change = lockedVersion === usedVersion
    ? `sha256 ${usedSha256.slice(0, 12)}… in place of ${lockedSha256.slice(0, 12)}…`
    : `${usedVersion} in place of ${lockedVersion}`;
  return {
    kind: "drift",
    text: cleanLine(`"${source}" is not as locked: ${change} (${reason})`),
    hint: 'Results made from it are marked as drifted; run "deno task lock" to pin what is there now',
  };
}
