/**
 * Records of which SHA-256 a source has that is pinned by another checksum.
 *
 * They outlive the source itself: a weak pin is held to the bytes that it first had. So a damaged one, which would refuse
 * every later download, must be told from a sound one without the blob: it carries a checksum of its own.
 *
 * @module
 */
import { type Digest, digestOf, isDigest } from "../digest.ts";

/**
 * The text of a record.
 *
 * @param fileName of the record, made of the source's pin
 */
export function formatAlias(fileName: string, digest: Digest): string {
  return `${digest} ${digestOf(`${fileName} ${digest}`)}\n`;
}

/** The digest in a record; `undefined` where the record is damaged or another source's. */
export function parseAlias(fileName: string, text: string): Digest | undefined {
  const digest = text.slice(0, 64);
  return isDigest(digest) && text === formatAlias(fileName, digest) ? digest : undefined;
}
