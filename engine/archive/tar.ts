/**
 * Reading tar archives with distrust: every path is checked before anything is made of it.
 *
 * @module
 */
import { extract } from "tar-stream";
import { EngineError } from "../error.ts";

/** One entry of an archive; paths are relative, normalised and free of "..". */
export type ArchiveEntry =
  | { readonly kind: "file"; readonly path: string; readonly executable: boolean; readonly data: Uint8Array }
  | { readonly kind: "hardlink"; readonly path: string; readonly target: string }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  | { readonly kind: "folder"; readonly path: string };

/** Bounds on what an archive may hold. */
export interface ArchiveLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Generous for one package, small enough that a bomb is noticed. */
export const DEFAULT_LIMITS: ArchiveLimits = { maxEntries: 200_000, maxBytes: 4 * 2 ** 30 };

const BLOCK_BYTES = 512;

/**
 * The entries of a tar archive.
 *
 * @throws {EngineError} "archive-malformed" for a damaged or cut-off archive; "archive-unsafe" for paths that leave the
 * root, devices, and archives beyond the limits
 */
export async function* tarEntries(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limits: ArchiveLimits = DEFAULT_LIMITS,
): AsyncGenerator<ArchiveEntry> {
  const reader = extract();
  let failure: unknown;
  const feeding = feed(reader, chunks).catch((error) => {
    failure = error;
    reader.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  let entries = 0;
  let bytes = 0;
  try {
    for await (const entry of reader) {
      const { header } = entry;
      const sizeBytes = header.size ?? 0;
      if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
        throw malformed(`the size of "${header.name}" is not a number`);
      }
      entries++;
      bytes += sizeBytes;
      if (entries > limits.maxEntries) throw unsafe(`it holds more than ${limits.maxEntries} entries`);
      if (bytes > limits.maxBytes) throw unsafe(`it holds more than ${limits.maxBytes} bytes`);
      const data = await collect(entry as AsyncIterable<Uint8Array>, sizeBytes);
      const path = safePath(header.name);
      if (path === "") continue;
      switch (header.type) {
        case "file":
        case "contiguous-file":
          yield { kind: "file", path, executable: ((header.mode ?? 0) & 0o111) !== 0, data };
          break;
        case "directory":
          yield { kind: "folder", path };
          break;
        case "symlink":
          yield { kind: "link", path, target: linkTarget(path, header.linkname) };
          break;
        case "link":
          yield { kind: "hardlink", path, target: safePath(header.linkname ?? "") };
          break;
        default:
          throw unsafe(`"${path}" is a ${header.type ?? "thing of unknown type"}`);
      }
    }
  } catch (error) {
    throw asArchiveError(failure ?? error);
  } finally {
    reader.destroy();
    await feeding;
  }
}

/**
 * A path as the archive means it, relative to its root.
 *
 * @throws {EngineError} "archive-unsafe" for absolute paths and paths with ".."
 */
export function safePath(name: string): string {
  if (name.startsWith("/")) throw unsafe(`the path "${name}" is absolute`);
  if (name.includes("\0")) throw unsafe("a path holds a zero byte");
  // Two names that are not UTF-8 would become one.
  if (name.includes("\ufffd")) throw unsafe(`the path "${name}" is not UTF-8`);
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw unsafe(`the path "${name}" leaves the archive's root`);
  return parts.join("/");
}

function linkTarget(path: string, target: string | null | undefined): string {
  if (target === null || target === undefined || target === "") {
    throw unsafe(`the link "${path}" has no target`);
  }
  if (target.includes("\0")) throw unsafe(`the target of the link "${path}" holds a zero byte`);
  return target;
}

async function feed(
  reader: ReturnType<typeof extract>,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  let last = new Uint8Array();
  for await (const chunk of chunks) {
    if (reader.destroyed) return;
    last = withTail(last, chunk);
    // The decoder may use the chunk's memory again, and the reader keeps slices of it.
    if (!reader.write(chunk.slice())) await new Promise<void>((resolve) => onceReady(reader, resolve));
  }
  // Without it the archive was cut off between two entries, which the reader cannot tell.
  if (last.length < BLOCK_BYTES || last.some((byte) => byte !== 0)) throw malformed("its end is missing");
  reader.end(undefined);
}

/** The last block of what came so far. */
function withTail(last: Uint8Array, chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  if (chunk.length >= BLOCK_BYTES) return chunk.slice(-BLOCK_BYTES);
  const joined = new Uint8Array(last.length + chunk.length);
  joined.set(last);
  joined.set(chunk, last.length);
  return joined.slice(-BLOCK_BYTES);
}

function onceReady(reader: ReturnType<typeof extract>, resolve: () => void): void {
  const done = () => {
    reader.off("drain", done);
    reader.off("close", done);
    resolve();
  };
  reader.on("drain", done);
  reader.on("close", done);
}

async function collect(entry: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<Uint8Array> {
  const data = new Uint8Array(sizeBytes);
  let offset = 0;
  for await (const chunk of entry) {
    data.set(chunk, offset);
    offset += chunk.length;
  }
  return data;
}

function unsafe(reason: string): EngineError {
  return new EngineError("archive-unsafe", `Cannot unpack the archive: ${reason}`, {
    hint: "Nothing of it was kept; check where the archive comes from",
  });
}

function malformed(reason: string, cause?: unknown): EngineError {
  return new EngineError("archive-malformed", `Cannot read the tar archive: ${reason}`, { cause });
}

function asArchiveError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return malformed(`${reason.slice(0, 1).toLowerCase()}${reason.slice(1)}`, error);
}
