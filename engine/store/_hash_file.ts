import { type Digest, Hasher } from "../digest.ts";
import type { Host } from "../host.ts";

/** The SHA-256 of a file's bytes. */
export function hashFile(host: Host, path: string): Digest {
  const hasher = new Hasher();
  host.fs.readChunks(path, (chunk) => void hasher.update(chunk));
  return hasher.digest();
}
