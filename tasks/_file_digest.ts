/**
 * The digest of a file of any size.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Host } from "../engine/mod.ts";

/** SHA-256 in hex; read in chunks. */
export function sha256OfFile(host: Host, path: string): string {
  const hash = createHash("sha256");
  host.fs.readChunks(path, (chunk) => void hash.update(chunk));
  return hash.digest("hex");
}
