/**
 * The payload of a Debian package.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import { arMembers } from "./ar.ts";
import { decompress } from "./decompress.ts";
import { type ArchiveEntry, type ArchiveLimits, DEFAULT_LIMITS, tarEntries } from "./tar.ts";

/**
 * The files a .deb would install. Maintainer scripts are not looked at.
 *
 * @throws {EngineError} "archive-malformed" or "archive-unsafe"
 */
export async function* debEntries(
  bytes: Uint8Array,
  limits: ArchiveLimits = DEFAULT_LIMITS,
): AsyncGenerator<ArchiveEntry> {
  const data = arMembers(bytes).find((member) => member.name.startsWith("data.tar"));
  if (data === undefined) {
    throw new EngineError("archive-malformed", "Cannot read the package: it has no data.tar");
  }
  yield* tarEntries(await decompress(data.name, data.data, limits.maxBytes), limits);
}
