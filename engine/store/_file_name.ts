/**
 * File names made of names that people chose.
 *
 * @module
 */
import { digestOf, shortDigest } from "../digest.ts";

/** Below the 255 bytes that file systems allow, with room for an ending. */
const MAX_LENGTH = 200;

/** A name as one path segment: escaped, never hidden, cut where it is too long but still its own. */
export function fileNameOf(name: string): string {
  const escaped = encodeURIComponent(name.toWellFormed()).replace(/^\./, "%2E");
  if (escaped.length <= MAX_LENGTH) return escaped;
  return `${escaped.slice(0, MAX_LENGTH)}-${shortDigest(digestOf(name))}`;
}
