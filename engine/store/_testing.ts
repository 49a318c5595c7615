/**
 * What the store's tests share.
 *
 * @module
 */
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { digestOf, digestOfJson, type StepId } from "../digest.ts";
import type { FileSystem, Host } from "../host.ts";
import { toTree, type TreeEntry } from "../tree/mod.ts";
import type { Manifest, Store } from "./mod.ts";

/** Calls that change something on the disk. */
const WRITES = [
  "writeFile",
  "openWrite",
  "mkdir",
  "rename",
  "link",
  "symlink",
  "chmod",
  "utime",
  "copyFile",
  "remove",
  "tryLock",
] as const satisfies ReadonlyArray<keyof FileSystem>;

/** Says before a call that writes whether it fails, and how. */
export type Fault = (call: { readonly index: number; readonly name: string }) => Error | undefined;

/**
 * The real machine, but calls that write fail where `fault` says so. A `writeFile` that fails has written the first
 * half, as on a disk that fills up.
 */
export function faultyHost(fault: Fault): Host {
  const host = denoHost();
  let index = 0;
  const check = (name: string) => {
    const error = fault({ index: index++, name });
    if (error !== undefined) throw error;
  };
  const fs = { ...host.fs } as Record<string, unknown>;
  for (const name of WRITES) {
    const real = host.fs[name] as (...args: unknown[]) => unknown;
    fs[name] = (...args: unknown[]) => {
      try {
        check(name);
      } catch (error) {
        const [path, data] = args;
        if (name === "writeFile") real(path, (data as Uint8Array).slice(0, (data as Uint8Array).length / 2));
        throw error;
      }
      return real(...args);
    };
  }
  const { openWrite } = fs as unknown as FileSystem;
  fs["openWrite"] = (...args: Parameters<FileSystem["openWrite"]>) => {
    const file = openWrite(...args);
    return {
      write(chunk: Uint8Array) {
        check("write");
        file.write(chunk);
      },
      sync() {
        check("sync");
        file.sync();
      },
      [Symbol.dispose]: () => file[Symbol.dispose](),
    };
  };
  return { ...host, fs: fs as unknown as FileSystem };
}

/** An operating system error as the runtime throws it. */
export function osError(code: "ENOSPC" | "EIO"): Error {
  return Object.assign(
    new Error(
      code === "ENOSPC" ? "No space left on device (os error 28)" : "Input/output error (os error 5)",
    ),
    { code },
  );
}

/** Puts texts into a store and gives their entries. */
export function putTexts(store: Store, texts: Readonly<Record<string, string>>): TreeEntry[] {
  return Object.entries(texts).map(([path, text]) => {
    const bytes = new TextEncoder().encode(text);
    const executable = path.endsWith(".sh");
    return {
      kind: "file",
      path,
      digest: store.putBytes(bytes, executable),
      sizeBytes: bytes.length,
      executable,
    };
  });
}

/** A manifest's content whose id is made of its name. */
export function manifestOf(
  name: string,
  entries: readonly TreeEntry[],
): Omit<Manifest, "schema" | "treeDigest"> {
  const inputs = { name, script: "true" };
  return {
    id: digestOfJson(inputs) as StepId,
    kind: "step",
    name,
    inputs,
    tree: toTree(entries),
    durationMs: 12,
  };
}

/** All files below a folder with their content, for comparing. */
export function filesBelow(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  const visit = (relative: string) => {
    for (const { name } of Deno.readDirSync(join(folder, relative))) {
      const path = join(relative, name);
      const info = Deno.lstatSync(join(folder, path));
      if (info.isDirectory) visit(path);
      else {files[path] = info.isSymlink
          ? `→ ${Deno.readLinkSync(join(folder, path))}`
          : Deno.readTextFileSync(join(folder, path));}
    }
  };
  visit("");
  return files;
}

/** Whether every blob of a store has the digest that its name says. */
export function wrongBlobs(root: string): string[] {
  return Object.entries(filesBelow(join(root, "blobs")))
    .filter(([path, text]) => digestOf(text) !== path.replace("/", "").replace(/\.x$/, ""))
    .map(([path]) => path);
}
