/**
 * Packages made for tests.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { arArchive, tarArchive, type TarTestEntry } from "../../engine/archive/_testing.ts";

/** A .deb that would install the entries. */
export async function debOf(entries: readonly TarTestEntry[]): Promise<Uint8Array> {
  return arArchive({
    "debian-binary": "2.0\n",
    "control.tar": await tarArchive([]),
    "data.tar": await tarArchive(entries),
  });
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
