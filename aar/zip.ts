/**
 * A zip reader for judging archives: it believes nothing that an archive says of itself. Layout as in PKWARE's APPNOTE.
 * Libraries for zip hide what has to be judged here: where bytes lie, what the two headers of an entry say, what is
 * hidden between entries.
 *
 * @module
 */
import { crc32, inflateRaw, inflateRawSync, type ZlibOptions } from "node:zlib";
import { promisify } from "node:util";

/** One entry of the central directory. */
export interface ZipEntry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly method: number;
  readonly crc32: number;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  /** Where its bytes begin; compressed ones, unless `method` is {@linkcode STORED}. */
  readonly dataOffset: number;
  /** Local time as the format packs it, such as "1981-01-01 01:01:02". */
  readonly time: string;
}

/** What an archive holds, and what is wrong with it. */
export interface Zip {
  readonly bytes: Uint8Array;
  /** Entries that can be read; those with a fault of their own are left out. */
  readonly entries: readonly ZipEntry[];
  /** Damage: the archive, or an entry, cannot be read as it should. */
  readonly damage: readonly string[];
  /** Danger: names that leave the folder, links, bombs. */
  readonly danger: readonly string[];
}

/** Compression method of bytes as they are. */
export const STORED = 0;
const DEFLATED = 8;

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT = 0xffff;
const ENCRYPTED = 1;
const SIZES_BEHIND_DATA = 8;
const SYMLINK = 0o120000;
const FILE_TYPE = 0o170000;

/** Entries beyond this, or archives beyond {@linkcode MAX_TOTAL_BYTES}, are not unpacked. */
export const MAX_ENTRY_BYTES = 512 * 2 ** 20;
/** Bytes that all entries together may unpack to. */
export const MAX_TOTAL_BYTES = 2 * 2 ** 30;
/** Deflate cannot do better than 1032:1; code and text rarely pass 20:1. */
const MAX_RATIO = 200;
const RATIO_MATTERS_BYTES = 8 * 2 ** 20;

/** Reads an archive's directory. Never throws: what cannot be read is told as damage. */
export function readZip(bytes: Uint8Array): Zip {
  const view = viewOf(bytes);
  const nothing = (damage: string): Zip => ({ bytes, entries: [], damage: [damage], danger: [] });
  if (bytes.length === 0) return nothing("the file is empty");
  const end = findEnd(view);
  if (end === undefined) return nothing("no end of a zip archive: it is cut off, or no zip archive at all");
  const count = view.getUint16(end + 10, true);
  const directoryBytes = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  if (count === 0xffff || start === 0xffffffff) {
    return nothing("it needs zip64, which Android's tools refuse");
  }
  if (start + directoryBytes > end) {
    return nothing("the central directory does not lie where the archive's end says");
  }
  const found: Found = { damage: [], danger: [] };
  if (start + directoryBytes < end) {
    found.damage.push(`${end - start - directoryBytes} bytes between the directory and the archive's end`);
  }
  const entries: ZipEntry[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== CENTRAL) {
      found.damage.push(`the central directory breaks off after ${index} of ${count} entries`);
      break;
    }
    const length = CENTRAL_BYTES + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) +
      view.getUint16(at + 32, true);
    const entry = readEntry(bytes, at, { view, directory: start, found });
    if (entry !== undefined) entries.push(entry);
    at += length;
  }
  checkTogether(entries, found);
  return { bytes, entries, ...found };
}

interface Found {
  readonly damage: string[];
  readonly danger: string[];
}

interface Place {
  readonly view: DataView;
  /** Where the central directory begins. */
  readonly directory: number;
  readonly found: Found;
}

function readEntry(bytes: Uint8Array, at: number, { view, directory, found }: Place): ZipEntry | undefined {
  const rawName = bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + view.getUint16(at + 28, true));
  const name = new TextDecoder().decode(rawName);
  const quoted = JSON.stringify(name);
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const crc = view.getUint32(at + 16, true);
  const compressedBytes = view.getUint32(at + 20, true);
  const sizeBytes = view.getUint32(at + 24, true);
  const mode = view.getUint32(at + 38, true) >>> 16;
  const local = view.getUint32(at + 42, true);
  const escape = escapeOf(name);
  if (escape !== undefined) found.danger.push(`${quoted} ${escape}`);
  if ((mode & FILE_TYPE) === SYMLINK) found.danger.push(`${quoted} is a symbolic link`);
  const damaged = (what: string) => {
    found.damage.push(`${quoted} ${what}`);
    return undefined;
  };
  if ((flags & ENCRYPTED) !== 0) return damaged("is encrypted");
  if (method !== STORED && method !== DEFLATED) return damaged(`has the compression method ${method}`);
  if (local + LOCAL_BYTES > directory || view.getUint32(local, true) !== LOCAL) {
    return damaged("has no local header where the directory says");
  }
  const nameLength = view.getUint16(local + 26, true);
  const localName = bytes.subarray(local + LOCAL_BYTES, local + LOCAL_BYTES + nameLength);
  if (!sameBytes(localName, rawName)) {
    return damaged(`is called ${JSON.stringify(new TextDecoder().decode(localName))} in its local header`);
  }
  const dataOffset = local + LOCAL_BYTES + nameLength + view.getUint16(local + 28, true);
  if (dataOffset + compressedBytes > directory) return damaged("ends behind the archive's entries");
  const hasSizes = (view.getUint16(local + 6, true) & SIZES_BEHIND_DATA) === 0;
  const agrees = view.getUint16(local + 8, true) === method &&
    (!hasSizes ||
      (view.getUint32(local + 14, true) === crc && view.getUint32(local + 18, true) === compressedBytes &&
        view.getUint32(local + 22, true) === sizeBytes));
  if (!agrees) return damaged("has other sizes in its local header");
  const isFolder = name.endsWith("/");
  if (isFolder && sizeBytes > 0) return damaged("is a folder with content");
  if (method === STORED && compressedBytes !== sizeBytes) return damaged("is stored, yet has two sizes");
  if (isBomb(sizeBytes, compressedBytes)) {
    found.danger.push(`${quoted} unpacks from ${compressedBytes} to ${sizeBytes} bytes`);
    return undefined;
  }
  return {
    name,
    isFolder,
    method,
    crc32: crc,
    sizeBytes,
    compressedBytes,
    dataOffset,
    time: timeOf(view.getUint16(at + 14, true), view.getUint16(at + 12, true)),
  };
}

function isBomb(sizeBytes: number, compressedBytes: number): boolean {
  return sizeBytes > MAX_ENTRY_BYTES ||
    (sizeBytes > RATIO_MATTERS_BYTES && sizeBytes > compressedBytes * MAX_RATIO);
}

/** What is wrong between entries: one name twice, shared bytes, too much in all. */
function checkTogether(entries: ZipEntry[], { damage, danger }: Found): void {
  const names = new Set<string>();
  for (const { name } of entries) {
    if (names.has(name)) danger.push(`${JSON.stringify(name)} is there twice`);
    names.add(name);
  }
  // Bombs of overlapping entries unpack the same bytes again and again.
  let last: ZipEntry | undefined;
  for (const entry of entries.toSorted((a, b) => a.dataOffset - b.dataOffset)) {
    if (last !== undefined && entry.dataOffset < last.dataOffset + last.compressedBytes) {
      danger.push(`${JSON.stringify(entry.name)} shares bytes with ${JSON.stringify(last.name)}`);
    }
    last = entry;
  }
  const total = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (total > MAX_TOTAL_BYTES) {
    danger.push(`all entries together unpack to ${total} bytes`);
    damage.push("it is too large to be unpacked");
    entries.length = 0;
  }
}

/** Why a name must not be unpacked; `undefined` for an honest one. */
function escapeOf(name: string): string | undefined {
  if (name === "") return "is no name";
  if (name.includes("\0")) return "holds a NUL";
  if (name.includes("\\")) return "holds a backslash";
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) return "is an absolute path";
  return name.split("/").includes("..") ? "leaves the folder it is unpacked to" : undefined;
}

/** Unpacking this much takes longer than handing it to another thread. */
const THREAD_PAYS_BYTES = 2 ** 18;

const inflateOnThread: (packed: Uint8Array, options: ZlibOptions) => Promise<Uint8Array> = promisify(
  inflateRaw,
);

/**
 * The bytes of an entry, checked against size and CRC-32. Large ones are unpacked on another thread.
 *
 * @throws {ZipEntryError} if they are not what the directory says
 */
export async function unpack(zip: Zip, entry: ZipEntry): Promise<Uint8Array> {
  const packed = zip.bytes.subarray(entry.dataOffset, entry.dataOffset + entry.compressedBytes);
  const unpacked = entry.method === STORED ? packed : await inflate(packed, entry);
  if (unpacked.length !== entry.sizeBytes) {
    throw new ZipEntryError(entry, `unpacks to ${unpacked.length} bytes instead of ${entry.sizeBytes}`);
  }
  if (crc32(unpacked) !== entry.crc32) throw new ZipEntryError(entry, "has a wrong CRC-32");
  return unpacked;
}

async function inflate(packed: Uint8Array, entry: ZipEntry): Promise<Uint8Array> {
  const options = {
    maxOutputLength: Math.max(1, entry.sizeBytes),
    // One chunk for all of it: joining chunks of 4 MB cost a fifth more time and 290 MB more memory for PyTorch's AAR.
    chunkSize: Math.max(64, entry.sizeBytes + 1),
  };
  try {
    const unpacked = entry.sizeBytes < THREAD_PAYS_BYTES
      ? inflateRawSync(packed, options)
      : await inflateOnThread(packed, options);
    return new Uint8Array(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength);
  } catch {
    throw new ZipEntryError(entry, "does not unpack");
  }
}

/** An entry that is not what the directory says. */
export class ZipEntryError extends Error {
  override readonly name = "ZipEntryError";

  constructor({ name }: ZipEntry, what: string) {
    super(`${JSON.stringify(name)} ${what}`);
  }
}

/** Where the record at the end begins; a comment may follow it, nothing else. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    if (
      view.getUint32(at, true) === END && at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength
    ) {
      return at;
    }
  }
  return undefined;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function timeOf(date: number, time: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${1980 + (date >> 9)}-${two((date >> 5) & 15)}-${two(date & 31)}`;
  return `${day} ${two(time >> 11)}:${two((time >> 5) & 63)}:${two((time & 31) * 2)}`;
}
