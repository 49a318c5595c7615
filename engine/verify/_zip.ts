/**
 * Entries of zip archives: AARs, JARs, wheels, TorchScript files. Reads the central directory, as PKWARE's APPNOTE says;
 * without the 64-bit extension.
 *
 * @module
 */
import { inflateRawSync } from "node:zlib";

/** One entry. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc32: number;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  /** Date and time as the format packs them, local to whoever wrote it. */
  readonly time: string;
  /** Permissions and attributes. */
  readonly attributes: number;
  /** Where its local header begins. */
  readonly offset: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;

/** Entries beyond this size are not unpacked for a comparison. */
const MAX_UNPACKED_BYTES = 256 * 2 ** 20;

/** Whether bytes begin like a zip archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes.length > 22 && viewOf(bytes).getUint32(0, true) === LOCAL;
}

/** The entries in the order of the central directory; `undefined` if the archive is not whole. */
export function readEntries(bytes: Uint8Array): ZipEntry[] | undefined {
  try {
    const view = viewOf(bytes);
    const end = findEnd(view);
    if (end === undefined) return undefined;
    const count = view.getUint16(end + 10, true);
    let at = view.getUint32(end + 16, true);
    const entries: ZipEntry[] = [];
    for (let index = 0; index < count; index++) {
      if (view.getUint32(at, true) !== CENTRAL) return undefined;
      const nameLength = view.getUint16(at + 28, true);
      entries.push({
        name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
        method: view.getUint16(at + 10, true),
        crc32: view.getUint32(at + 16, true),
        compressedBytes: view.getUint32(at + 20, true),
        sizeBytes: view.getUint32(at + 24, true),
        time: timeOf(view.getUint16(at + 14, true), view.getUint16(at + 12, true)),
        attributes: view.getUint32(at + 38, true),
        offset: view.getUint32(at + 42, true),
      });
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return entries;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Where the record at the end of an archive begins; a comment may follow it. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  return undefined;
}

/** An entry's bytes; `undefined` for a method that is not known here, or one that does not unpack. */
export function unpackEntry(bytes: Uint8Array, entry: ZipEntry): Uint8Array | undefined {
  const view = viewOf(bytes);
  if (entry.offset + 30 > bytes.length || entry.sizeBytes > MAX_UNPACKED_BYTES) return undefined;
  const start = entry.offset + 30 + view.getUint16(entry.offset + 26, true) +
    view.getUint16(entry.offset + 28, true);
  const packed = bytes.subarray(start, start + entry.compressedBytes);
  if (entry.method === STORED) return packed;
  if (entry.method !== DEFLATED) return undefined;
  try {
    return new Uint8Array(inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.sizeBytes) }));
  } catch {
    return undefined;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function timeOf(date: number, time: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${1980 + (date >> 9)}-${two((date >> 5) & 15)}-${two(date & 31)}`;
  return `${day} ${two(time >> 11)}:${two((time >> 5) & 63)}:${two((time & 31) * 2)}`;
}
