/**
 * Writing tar archives whose bytes depend on their content alone, block by block: an image of gigabytes never lies in
 * memory. Own code and not tar-stream's, which gives blocks through a stream that cannot be asked for its size first.
 *
 * @module
 */
import { join } from "node:path";
import type { Host } from "../host.ts";
import type { Tree } from "../tree/mod.ts";

/** One entry to write. Modes are permission bits; times are seconds since 1970. */
export type TarItem = {
  readonly path: string;
  readonly mode: number;
  readonly timeS: number;
} & ({ readonly kind: "folder" } | { readonly kind: "link"; readonly target: string } | TarFile);

interface TarFile {
  readonly kind: "file";
  readonly sizeBytes: number;
  readonly content: () => Iterable<Uint8Array>;
}

/** Everything that a sandbox shows belongs to the user that its program runs as, as it does under bubblewrap. */
export const SANDBOX_USER = 1000;

const BLOCK_BYTES = 512;
/** Large enough that neither the socket nor the event loop is what takes the time. */
const CHUNK_BYTES = 1 << 20;
const TYPES = { file: "0", link: "2", folder: "5", extended: "x" } as const;
const MAX_OCTAL_SIZE = 8 ** 11 - 1;

const encoder = new TextEncoder();

/** The items as an archive, in chunks of about 1 MiB that are the receiver's own. */
export function* tarChunks(items: Iterable<TarItem>): Generator<Uint8Array<ArrayBuffer>> {
  let chunk = new Uint8Array(CHUNK_BYTES);
  let used = 0;
  for (const block of tarBlocks(items)) {
    for (let offset = 0; offset < block.length;) {
      const part = block.subarray(offset, offset + CHUNK_BYTES - used);
      chunk.set(part, used);
      used += part.length;
      offset += part.length;
      if (used < CHUNK_BYTES) continue;
      yield chunk;
      chunk = new Uint8Array(CHUNK_BYTES);
      used = 0;
    }
  }
  if (used > 0) yield chunk.subarray(0, used);
}

/** The items of a tree whose files lie below a folder, parents before what they hold. */
export function* treeItems(tree: Tree, options: TreeItemsOptions): Generator<TarItem> {
  const { host, root, timeS } = options;
  const made = new Set<string>();
  for (const entry of tree) {
    for (let slash = entry.path.indexOf("/"); slash > 0; slash = entry.path.indexOf("/", slash + 1)) {
      const path = entry.path.slice(0, slash);
      if (!made.has(path)) yield { kind: "folder", path, mode: 0o755, timeS };
      made.add(path);
    }
    const { path } = entry;
    switch (entry.kind) {
      case "folder":
        yield { kind: "folder", path, mode: 0o755, timeS };
        made.add(path);
        break;
      case "link":
        yield { kind: "link", path, mode: 0o777, timeS, target: entry.target };
        break;
      case "file":
        yield {
          kind: "file",
          path,
          mode: entry.executable ? 0o555 : 0o444,
          timeS,
          sizeBytes: entry.sizeBytes,
          content: () => host.fs.readBlocks(join(root, path)),
        };
    }
  }
}

/** Options of {@linkcode treeItems}. */
export interface TreeItemsOptions {
  readonly host: Host;
  readonly root: string;
  readonly timeS: number;
}

/** A file or folder of this machine as items below a path, in the order of names; links are not followed. */
export function* hostItems(host: Host, source: string, path: string): Generator<TarItem> {
  const info = host.fs.lstat(source);
  if (info === undefined) throw new Error(`There is no "${source}"`);
  const head = { path, mode: info.mode & 0o777, timeS: Math.floor(info.modifiedMs / 1000) };
  switch (info.kind) {
    case "file":
      yield {
        ...head,
        kind: "file",
        sizeBytes: info.sizeBytes,
        content: () => host.fs.readBlocks(source),
      };
      break;
    case "symlink":
      yield { ...head, kind: "link", mode: 0o777, target: host.fs.readLink(source) };
      break;
    case "directory":
      yield { ...head, kind: "folder" };
      for (const name of host.fs.readDir(source).map((entry) => entry.name).sort()) {
        yield* hostItems(host, join(source, name), `${path}/${name}`);
      }
      break;
    case "other":
      throw new Error(`"${source}" is neither a file, a folder nor a link`);
  }
}

function* tarBlocks(items: Iterable<TarItem>): Generator<Uint8Array> {
  for (const item of items) {
    yield* headers(item);
    if (item.kind !== "file") continue;
    let sizeBytes = 0;
    for (const block of item.content()) {
      sizeBytes += block.length;
      // Before the block goes out: the receiver must never take what follows for the next header.
      if (sizeBytes > item.sizeBytes) break;
      yield block;
    }
    if (sizeBytes !== item.sizeBytes) throw new Error(`The file "${item.path}" changed while it was read`);
    yield padding(sizeBytes);
  }
  yield new Uint8Array(2 * BLOCK_BYTES);
}

/** The item's header, after one with what does not fit into it (POSIX.1-2001, "pax"). */
function* headers(item: TarItem): Generator<Uint8Array> {
  const path = item.kind === "folder" ? `${item.path}/` : item.path;
  const target = item.kind === "link" ? item.target : "";
  const sizeBytes = item.kind === "file" ? item.sizeBytes : 0;
  const records = [
    ...(encoder.encode(path).length > 100 ? [["path", path] as const] : []),
    ...(encoder.encode(target).length > 100 ? [["linkpath", target] as const] : []),
    ...(sizeBytes > MAX_OCTAL_SIZE ? [["size", String(sizeBytes)] as const] : []),
  ];
  if (records.length > 0) {
    const body = encoder.encode(records.map(([key, value]) => paxRecord(key, value)).join(""));
    yield header({
      path: "pax",
      target: "",
      type: "extended",
      mode: 0o644,
      timeS: item.timeS,
      sizeBytes: body.length,
    });
    yield body;
    yield padding(body.length);
  }
  yield header({ path, target, type: item.kind, mode: item.mode, timeS: item.timeS, sizeBytes });
}

interface Header {
  readonly path: string;
  readonly target: string;
  readonly type: keyof typeof TYPES;
  readonly mode: number;
  readonly timeS: number;
  readonly sizeBytes: number;
}

function header({ path, target, type, mode, timeS, sizeBytes }: Header): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES);
  const put = (text: string, offset: number, length: number) =>
    block.set(encoder.encode(text).subarray(0, length), offset);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  put(path, 0, 100);
  put(octal(mode, 7), 100, 7);
  put(octal(SANDBOX_USER, 7), 108, 7);
  put(octal(SANDBOX_USER, 7), 116, 7);
  put(octal(sizeBytes > MAX_OCTAL_SIZE ? 0 : sizeBytes, 11), 124, 11);
  put(octal(timeS, 11), 136, 11);
  put(" ".repeat(8), 148, 8);
  put(TYPES[type], 156, 1);
  put(target, 157, 100);
  put("ustar\0" + "00", 257, 8);
  put(`${octal(block.reduce((sum, byte) => sum + byte, 0), 6)}\0 `, 148, 8);
  return block;
}

/** "LENGTH KEY=VALUE\n", where LENGTH counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = encoder.encode(` ${key}=${value}\n`).length;
  let length = rest;
  while (String(length).length + rest !== length) length = String(length).length + rest;
  return `${length} ${key}=${value}\n`;
}

function padding(sizeBytes: number): Uint8Array {
  return new Uint8Array((BLOCK_BYTES - sizeBytes % BLOCK_BYTES) % BLOCK_BYTES);
}
