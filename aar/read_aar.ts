/**
 * Reads an AAR: unpacks what has to be looked at and turns it into facts for the checks.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { type ClassFile, readClassFile } from "./class_file.ts";
import { type Elf, readElf } from "./elf.ts";
import { type AndroidManifest, readManifest } from "./manifest.ts";
import { findSpirv, type SpirvModule } from "./spirv.ts";
import { type LibraryTexts, readTexts } from "./texts.ts";
import { readZip, STORED, unpack, type Zip, type ZipEntry } from "./zip.ts";

/** A native library. */
export interface Library {
  /** Such as "jni/arm64-v8a/libfbjni.so". */
  readonly path: string;
  readonly name: string;
  /** By the name of its folder; an ABI, if all is well. */
  readonly abi: string;
  /** Whether it goes into apps; libraries below prefab/ are there to be linked to. */
  readonly isPacked: boolean;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  /** Where it begins in the archive, if it is stored as it is. */
  readonly storedAt: number | undefined;
  /** What it is, or why it cannot be read. */
  readonly elf: Elf | Unreadable;
  readonly spirv: readonly SpirvModule[];
  readonly texts: LibraryTexts;
}

/** Something that cannot be read, and why: "is cut off". */
export interface Unreadable {
  readonly fault: string;
}

/** A jar of classes. */
export interface Jar {
  readonly path: string;
  readonly classes: readonly ClassFile[];
  /** What is wrong with it, or with classes in it. */
  readonly faults: readonly string[];
}

/** Bytes by kind of content. */
export interface PartSize {
  /** "native arm64-v8a", "classes", "headers", "prefab", "resources", "other". */
  readonly part: string;
  readonly files: number;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
}

/** All that is known of an AAR. */
export interface Aar {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly zip: Zip;
  /** Entries whose bytes are not what the archive says. */
  readonly damagedEntries: readonly string[];
  readonly manifest: AndroidManifest | Unreadable;
  readonly libraries: readonly Library[];
  readonly jars: readonly Jar[];
  /** Paths of licence texts. */
  readonly licences: readonly string[];
  readonly parts: readonly PartSize[];
}

/** Whether something could be read. */
export function isReadable<T extends object>(value: T | Unreadable): value is T {
  return !("fault" in value);
}

/** Reads an AAR from its bytes. Never throws for what the bytes hold: faults are facts. */
export async function readAar(bytes: Uint8Array): Promise<Aar> {
  const zip = readZip(bytes);
  const files = zip.entries.filter(({ isFolder }) => !isFolder);
  const contents = new Map<string, Uint8Array>();
  const damagedEntries: string[] = [];
  const libraries: Library[] = [];
  // One after another on this thread, while others unpack: the whole archive need not fit in memory twice.
  await inOrderOfSize(files, async (entry) => {
    try {
      const content = await unpack(zip, entry);
      if (isLibrary(entry.name)) libraries.push(readLibrary(entry, content));
      else if (isKept(entry.name)) contents.set(entry.name, content);
    } catch (error) {
      damagedEntries.push(messageOf(error));
    }
  });
  return {
    sizeBytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    zip,
    damagedEntries: damagedEntries.sort(),
    manifest: manifestOf(contents.get("AndroidManifest.xml")),
    libraries: libraries.sort((a, b) => (a.path < b.path ? -1 : 1)),
    jars: await Promise.all(
      [...contents].filter(([name]) => isJar(name)).sort(([a], [b]) => (a < b ? -1 : 1)).map(readJar),
    ),
    licences: files.map(({ name }) => name).filter(isLicence).sort(),
    parts: partSizes(files),
  };
}

/** Entries that are unpacked at one time. */
const AT_ONCE = 4;

/** Largest first, so that the last thread does not begin with the longest work. */
async function inOrderOfSize(
  entries: readonly ZipEntry[],
  work: (entry: ZipEntry) => Promise<void>,
): Promise<void> {
  const queue = entries.toSorted((a, b) => b.sizeBytes - a.sizeBytes).values();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const entry of queue) await work(entry);
  }));
}

function isLibrary(name: string): boolean {
  return /\.so(\.\d+)*$/.test(name);
}

function isJar(name: string): boolean {
  return name === "classes.jar" || /^libs\/[^/]+\.jar$/.test(name);
}

function isKept(name: string): boolean {
  return name === "AndroidManifest.xml" || isJar(name);
}

function isLicence(name: string): boolean {
  return !/\.(h|hpp|cuh|class)$/.test(name) &&
    /(^|\/)(licen[cs]es?|notices?|copying|third_party)/i.test(name);
}

function readLibrary(entry: ZipEntry, bytes: Uint8Array): Library {
  const parts = entry.name.split("/");
  const elf = attempt(() => readElf(bytes));
  const constants = isReadable(elf) ? elf.constants : [];
  return {
    path: entry.name,
    name: parts.at(-1) ?? entry.name,
    // Prefab writes "android.arm64-v8a".
    abi: (parts.at(-2) ?? "").replace(/^android\./, ""),
    isPacked: parts[0] !== "prefab",
    sizeBytes: entry.sizeBytes,
    compressedBytes: entry.compressedBytes,
    storedAt: entry.method === STORED ? entry.dataOffset : undefined,
    elf,
    spirv: constants.flatMap(({ offset, sizeBytes }) =>
      findSpirv(bytes.subarray(offset, offset + sizeBytes)).map((module) => ({
        ...module,
        offset: module.offset + offset,
      }))
    ),
    texts: readTexts(bytes, constants),
  };
}

function manifestOf(bytes: Uint8Array | undefined): AndroidManifest | Unreadable {
  if (bytes === undefined) return { fault: "is not there" };
  return attempt(() => readManifest(bytes));
}

async function readJar([path, bytes]: [string, Uint8Array]): Promise<Jar> {
  const zip = readZip(bytes);
  const faults = [...zip.damage, ...zip.danger];
  const classes: ClassFile[] = [];
  for (const entry of zip.entries.filter(({ name }) => name.endsWith(".class"))) {
    try {
      const file = readClassFile(await unpack(zip, entry));
      // Classes for newer virtual machines lie below META-INF/versions/<release>/.
      const place = entry.name.replace(/^META-INF\/versions\/\d+\//, "").replace(/\.class$/, "");
      if (file.name !== place) faults.push(`${JSON.stringify(entry.name)} holds the class ${file.name}`);
      classes.push(file);
    } catch (error) {
      const message = messageOf(error);
      faults.push(message.startsWith('"') ? message : `${JSON.stringify(entry.name)} ${message}`);
    }
  }
  return { path, classes, faults };
}

function partSizes(files: readonly ZipEntry[]): PartSize[] {
  const parts = new Map<string, { files: number; sizeBytes: number; compressedBytes: number }>();
  for (const { name, sizeBytes, compressedBytes } of files) {
    const part = partOf(name);
    const sum = parts.get(part) ?? { files: 0, sizeBytes: 0, compressedBytes: 0 };
    sum.files++;
    sum.sizeBytes += sizeBytes;
    sum.compressedBytes += compressedBytes;
    parts.set(part, sum);
  }
  return [...parts].map(([part, sum]) => ({ part, ...sum })).sort((a, b) =>
    b.compressedBytes - a.compressedBytes || (a.part < b.part ? -1 : 1)
  );
}

function partOf(name: string): string {
  const [top = "", second = ""] = name.split("/");
  if (top === "jni") return `native ${second}`;
  if (isJar(name)) return "classes";
  if (top === "headers" || top === "prefab") return top;
  return top === "res" || top === "assets" ? "resources" : "other";
}

function attempt<T extends object>(read: () => T): T | Unreadable {
  try {
    return read();
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
