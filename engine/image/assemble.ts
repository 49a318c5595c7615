/**
 * Assembling an image: fetch, unpack and lay over each other, in workers, then one folder of hard links.
 *
 * @module
 */
import { join } from "node:path";
import type { Digest } from "../digest.ts";
import { EngineError } from "../error.ts";
import type { EventSink } from "../event.ts";
import type { Host } from "../host.ts";
import type { LockedPackage } from "../lock/mod.ts";
import { MOUNT_POINTS, type Sandbox } from "../sandbox/mod.ts";
import { type Fetcher, packageSource } from "../source/mod.ts";
import type { Manifest, Store } from "../store/mod.ts";
import { type FileEntry, type Tree, treeDigest, type TreeEntry, treeSizeBytes } from "../tree/mod.ts";
import { type Image, imageId, imageInputs, packageId, packageInputs } from "./image.ts";
import { layTrees } from "./layer.ts";
import { UnpackPool } from "./unpack_pool.ts";

/** The bytes were verified before, so nothing on the way here is to blame. */
const PINNED_HINT =
  "The file is the one that the lock pins; pin another version with `deno task lock`, or restore the lock from version control";

/** What {@linkcode assembleImage} works with. */
export interface AssembleOptions {
  readonly host: Host;
  readonly store: Store;
  readonly fetcher: Fetcher;
  /** Workers that unpack. */
  readonly jobs: number;
  /** Gives the sandbox that `ldconfig` runs in; not asked for images without. */
  readonly sandbox: () => Promise<Sandbox>;
  readonly signal: AbortSignal;
  readonly emit: EventSink;
}

/** An image that is there. */
export interface AssembledImage {
  /** Folder with the root file system; read only. */
  readonly root: string;
  /** Digest of its tree: the same wherever the image is assembled. */
  readonly digest: Digest;
  readonly tree: Tree;
}

/** Beyond this the disk, not the processors, sets the pace; and every worker holds a package in memory. */
const MAX_WORKERS = 8;

/** Gives the image from the store, or assembles it. */
export async function assembleImage(image: Image, options: AssembleOptions): Promise<AssembledImage> {
  const { host, store, emit } = options;
  const id = imageId(image);
  const found = store.hit(id);
  if (found !== undefined) return asAssembled(store, found);
  using _lock = await store.lock(`image-${id}`, options.signal, () => {
    emit({ type: "waiting", name: image.name, reason: "another vkforge is assembling this image" });
  });
  const made = store.hit(id);
  if (made !== undefined) return asAssembled(store, made);

  const started = host.clock.monotonic();
  emit({ type: "image-start", name: image.name, packages: image.packages.length });
  const trees = await unpackAll(image, options);
  const tree = layTrees({ links: image.links, trees, extra: extraEntries(image, store) });
  const whole = image.ldconfig ? await withLinkerCache(tree, options) : tree;
  const manifest = store.publish({
    id,
    kind: "image",
    name: `image/${image.name}`,
    inputs: imageInputs(image),
    tree: whole,
    durationMs: Math.round(host.clock.monotonic() - started),
  });
  const assembled = asAssembled(store, manifest);
  emit({
    type: "image-end",
    name: image.name,
    digest: manifest.treeDigest,
    files: whole.length,
    sizeBytes: treeSizeBytes(whole),
    durationMs: manifest.durationMs,
  });
  return assembled;
}

function asAssembled(store: Store, manifest: Manifest): AssembledImage {
  return { root: store.checkout(manifest.tree), digest: manifest.treeDigest, tree: manifest.tree };
}

async function unpackAll(image: Image, options: AssembleOptions): Promise<Tree[]> {
  const { store, emit } = options;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  using work = store.workFolder();
  using pool = new UnpackPool(Math.min(options.jobs, MAX_WORKERS));
  let done = 0;
  const unpack = async (locked: LockedPackage): Promise<Tree> => {
    const id = packageId(locked.sha256, image.exclude);
    const known = store.hit(id)?.tree;
    const tree = known ?? await fetchAndUnpack(locked);
    emit({ type: "image-progress", name: image.name, done: ++done, packages: image.packages.length });
    return tree;
  };
  const fetchAndUnpack = async (locked: LockedPackage): Promise<Tree> => {
    const fetched = await options.fetcher.fetch(locked.name, packageSource(locked), signal);
    signal.throwIfAborted();
    const started = options.host.clock.monotonic();
    const tree = await pool.unpack({
      storeRoot: store.root,
      file: store.path(fetched.digest),
      workFolder: work.path,
      exclude: image.exclude,
    }).catch((error) => {
      throw error instanceof EngineError
        ? new EngineError(
          error.code,
          `Cannot unpack the package "${locked.name}": ${lowerFirst(error.message)}`,
          {
            hint: error.hint ?? PINNED_HINT,
            cause: error,
          },
        )
        : error;
    });
    store.publish({
      id: packageId(locked.sha256, image.exclude),
      kind: "package",
      name: locked.name,
      inputs: packageInputs(locked.sha256, image.exclude),
      tree,
      durationMs: Math.round(options.host.clock.monotonic() - started),
    });
    return tree;
  };
  const trees = image.packages.map(unpack);
  try {
    return await Promise.all(trees);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(trees);
    throw error;
  }
}

function extraEntries(image: Image, store: Store): TreeEntry[] {
  return [
    ...MOUNT_POINTS.map((path): TreeEntry => ({ kind: "folder", path })),
    ...Object.entries(image.files).map(([path, text]) => putText(store, path, text)),
  ];
}

function putText(store: Store, path: string, text: string): FileEntry {
  const bytes = new TextEncoder().encode(text);
  const digest = store.putBytes(bytes);
  return { kind: "file", path, digest, sizeBytes: bytes.length, executable: false };
}

/** Adds `/etc/ld.so.cache`, written by the image's own ldconfig. */
async function withLinkerCache(tree: Tree, options: AssembleOptions): Promise<Tree> {
  const { store } = options;
  using work = store.workFolder();
  const root = join(work.path, "root");
  const outFolder = join(work.path, "out");
  const buildFolder = join(work.path, "build");
  store.layOut(tree, root);
  for (const folder of [outFolder, buildFolder]) options.host.fs.mkdir(folder);
  const sandbox = await options.sandbox();
  let output = "";
  const decoder = new TextDecoder();
  const { exit } = await sandbox.run({
    image: { root, tree, digest: treeDigest(tree), temporary: true },
    mounts: [],
    buildFolder,
    outFolder,
    // -X: the packages bring their links; -i: no cache beside the cache.
    command: ["/usr/sbin/ldconfig", "-X", "-i", "-C", "/out/ld.so.cache"],
    environment: {},
    limits: { memoryBytes: 2 ** 30, processes: 16, timeoutMs: 60_000 },
    signal: options.signal,
    onOutput: (chunk) => output += decoder.decode(chunk, { stream: true }),
  });
  if (exit.kind === "cancelled") throw new EngineError("interrupted", "Assembling the image was stopped");
  if (exit.kind !== "exit" || exit.code !== 0) {
    throw new EngineError("step-failed", `Cannot assemble the image: ldconfig failed (${exit.kind})`, {
      detail: output.trimEnd().split("\n").slice(-30),
    });
  }
  const { digest, sizeBytes } = store.ingest(join(outFolder, "ld.so.cache"));
  const cache: FileEntry = { kind: "file", path: "etc/ld.so.cache", digest, sizeBytes, executable: false };
  return layTrees({ links: {}, trees: [tree], extra: [cache] });
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
