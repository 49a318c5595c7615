/**
 * Small AARs for tests, byte by byte, so that each can be damaged where a test wants it.
 *
 * @module
 */
import { crc32, deflateRawSync } from "node:zlib";
import { ABIS } from "./abi.ts";

/** An entry to be written, and what is to be wrong with it. */
export interface TestEntry {
  readonly name: string;
  readonly data: Uint8Array | string;
  /** Default: deflated. */
  readonly stored?: boolean;
  /** Written instead of what is right. */
  readonly wrong?: {
    readonly localName?: string;
    readonly crc32?: number;
    readonly sizeBytes?: number;
    readonly method?: number;
    readonly flags?: number;
    readonly packed?: Uint8Array;
    /** Unix mode, such as that of a link. */
    readonly mode?: number;
    /** The entry has no bytes of its own and points to those of another. */
    readonly sharesWith?: string;
  };
}

const encoder = new TextEncoder();

/** A zip archive. */
export function zipOf(entries: readonly TestEntry[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  const offsets = new Map<string, number>();
  let at = 0;
  for (const { name, data, stored = false, wrong = {} } of entries) {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    const packed = wrong.packed ?? (stored ? bytes : new Uint8Array(deflateRawSync(bytes)));
    const shared = {
      flags: wrong.flags ?? 0,
      method: wrong.method ?? (stored ? 0 : 8),
      crc: wrong.crc32 ?? crc32(bytes),
      packedBytes: packed.length,
      sizeBytes: wrong.sizeBytes ?? bytes.length,
    };
    const local = localHeader(encoder.encode(wrong.localName ?? name), shared);
    const offset = offsets.get(wrong.sharesWith ?? "") ?? at;
    offsets.set(name, offset);
    if (offset === at) {
      chunks.push(local, packed);
      at += local.length + packed.length;
    }
    directory.push(centralHeader(encoder.encode(name), { ...shared, offset, mode: wrong.mode ?? 0o100644 }));
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = words("<4 2 2 2 2 4 4 2", [0x06054b50, 0, 0, entries.length, entries.length, size, at, 0]);
  return concat([...chunks, ...directory, end]);
}

interface Header {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
}

function localHeader(name: Uint8Array, { flags, method, crc, packedBytes, sizeBytes }: Header): Uint8Array {
  const values = [0x04034b50, 20, flags, method, 0, 0x21, crc, packedBytes, sizeBytes, name.length, 0];
  return concat([words("<4 2 2 2 2 2 4 4 4 2 2", values), name]);
}

function centralHeader(
  name: Uint8Array,
  { flags, method, crc, packedBytes, sizeBytes, offset, mode }: Header & {
    readonly offset: number;
    readonly mode: number;
  },
): Uint8Array {
  const values = [0x02014b50, 0x031e, 20, flags, method, 0, 0x21, crc, packedBytes, sizeBytes, name.length];
  const rest = [0, 0, 0, 0, (mode << 16) >>> 0, offset];
  return concat([words("<4 2 2 2 2 2 2 4 4 4 2 2 2 2 2 4 4", [...values, ...rest]), name]);
}

/** What a library is to be. */
export interface TestLibrary {
  readonly abi?: string;
  readonly soname?: string;
  readonly needed?: readonly string[];
  readonly exported?: readonly string[];
  readonly alignBytes?: number;
  readonly constants?: Uint8Array;
  readonly hasTextRelocations?: boolean;
  readonly hasExecutableStack?: boolean;
  readonly buildId?: string;
  /** Of Android, as NDKs note it. */
  readonly apiLevel?: number;
  /** Adds an empty ".symtab". */
  readonly unstripped?: boolean;
  /** `e_type`; 3 is a shared library. */
  readonly type?: number;
}

/** A shared library that Android's loader would take, in one segment. */
export function elfOf(library: TestLibrary = {}): Uint8Array {
  const { bits, machine } = ABIS[library.abi ?? "arm64-v8a"] ?? { bits: 64, machine: 183 };
  const is64 = bits === 64;
  const w = is64 ? "8" : "4";
  const { needed = ["libc.so"], soname = "libx.so", exported = ["JNI_OnLoad"], alignBytes = 16384 } = library;
  const texts = new Texts();
  const neededAt = needed.map((name) => texts.add(name));
  const sonameAt = texts.add(soname);
  const exportedAt = exported.map((name) => texts.add(name));
  const dynstr = texts.bytes();

  const headerBytes = is64 ? 64 : 52;
  const segmentBytes = is64 ? 56 : 32;
  let at = headerBytes + 4 * segmentBytes;
  const place = (bytes: Uint8Array) => {
    const start = at;
    at = (at + bytes.length + 7) & ~7;
    return { bytes, start };
  };
  const symbol = (name: number, info: number, section: number) =>
    is64
      ? words("<4 1 1 2 8 8", [name, info, 0, section, 0, 0])
      : words("<4 4 4 1 1 2", [name, 0, 0, info, 0, section]);
  const noteName = encoder.encode("GNU\0");
  const id = Uint8Array.fromHex(library.buildId ?? "ab".repeat(20));
  const parts = {
    dynstr: place(dynstr),
    dynsym: place(concat([symbol(0, 0, 0), ...exportedAt.map((name) => symbol(name, 0x12, 1))])),
    hash: place(words("<4 4", [1, exported.length + 1])),
    note: place(
      concat([words("<4 4 4", [4, id.length, 3]), noteName, id, androidNote(library.apiLevel ?? 21)]),
    ),
    rodata: place(library.constants ?? encoder.encode("hello\0")),
    dynamic: place(new Uint8Array(0)),
  };
  const tags: Array<[number, number]> = [
    ...neededAt.map((name): [number, number] => [1, name]),
    [14, sonameAt],
    [5, parts.dynstr.start],
    [10, dynstr.length],
    [6, parts.dynsym.start],
    [4, parts.hash.start],
    ...(library.hasTextRelocations ? [[22, 0] as [number, number]] : []),
    [0, 0],
  ];
  at = parts.dynamic.start;
  const dynamic = place(concat(tags.map((tag) => words(`<${w} ${w}`, tag))));
  const names = concat(["", ".rodata", ".shstrtab", ...(library.unstripped ? [".symtab"] : [])]
    .map((name) => encoder.encode(`${name}\0`)));
  const shstrtab = place(names);
  const sectionsAt = at;

  const segment = (type: number, flags: number, start: number, size: number, align: number) =>
    is64
      ? words("<4 4 8 8 8 8 8 8", [type, flags, start, start, start, size, size, align])
      : words("<4 4 4 4 4 4 4 4", [type, start, start, start, size, size, flags, align]);
  const section = (name: number, type: number, flags: number, start: number, size: number) =>
    is64
      ? words("<4 4 8 8 8 8 4 4 8 8", [name, type, flags, start, start, size, 0, 0, 1, 0])
      : words("<4 4 4 4 4 4 4 4 4 4", [name, type, flags, start, start, size, 0, 0, 1, 0]);
  const sections = [
    section(0, 0, 0, 0, 0),
    section(1, 1, 2, parts.rodata.start, parts.rodata.bytes.length),
    section(9, 3, 0, shstrtab.start, names.length),
    ...(library.unstripped ? [section(19, 2, 0, 0, 0)] : []),
  ];
  const magic = [0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const header = concat([
    Uint8Array.from(magic),
    words(`<2 2 4 ${w} ${w} ${w} 4 2 2 2 2 2 2`, [
      library.type ?? 3,
      machine,
      1,
      0,
      headerBytes,
      sectionsAt,
      0,
      headerBytes,
      segmentBytes,
      4,
      is64 ? 64 : 40,
      sections.length,
      2,
    ]),
    segment(1, 5, 0, sectionsAt, alignBytes),
    segment(2, 6, dynamic.start, dynamic.bytes.length, 8),
    segment(4, 4, parts.note.start, parts.note.bytes.length, 4),
    segment(0x6474e551, library.hasExecutableStack ? 7 : 6, 0, 0, 16),
  ]);
  const file = new Uint8Array(sectionsAt);
  file.set(header);
  for (const { start, bytes } of [...Object.values(parts), dynamic, shstrtab]) file.set(bytes, start);
  return concat([file, ...sections]);
}

/** What NDKs note: API level and name of the release. */
function androidNote(apiLevel: number): Uint8Array {
  const release = new Uint8Array(64);
  release.set(encoder.encode("r21e"));
  return concat([words("<4 4 4", [8, 68, 1]), encoder.encode("Android\0"), words("<4", [apiLevel]), release]);
}

/** A compute shader with one empty function. */
export function spirvOf(): Uint8Array {
  const op = (code: number, ...operands: number[]) => [((operands.length + 1) << 16) | code, ...operands];
  const main = 0x6e69616d;
  return new Uint8Array(
    Uint32Array.from([
      0x07230203,
      0x00010000,
      0,
      10,
      0,
      ...op(17, 1),
      ...op(14, 0, 1),
      ...op(15, 5, 4, main, 0),
      ...op(16, 4, 17, 8, 8, 1),
      ...op(19, 2),
      ...op(33, 3, 2),
      ...op(54, 2, 4, 0, 3),
      ...op(248, 5),
      ...op(253),
      ...op(56),
    ]).buffer,
  );
}

/** A public class with public fields. */
export function classOf(name: string, fields: readonly string[] = []): Uint8Array {
  const text = (value: string) => {
    const bytes = encoder.encode(value);
    return concat([words(">1 2", [1, bytes.length]), bytes]);
  };
  const pool = [
    text(name),
    words(">1 2", [7, 1]),
    text("java/lang/Object"),
    words(">1 2", [7, 3]),
    text("I"),
  ];
  const names = fields.map(text);
  return concat([
    words(">4 2 2 2", [0xcafebabe, 0, 51, pool.length + names.length + 1]),
    ...pool,
    ...names,
    words(">2 2 2 2 2", [0x21, 2, 4, 0, fields.length]),
    ...fields.map((_, index) => words(">2 2 2 2", [1, pool.length + 1 + index, 5, 0])),
    words(">2 2", [0, 0]),
  ]);
}

/** A manifest. */
export const MANIFEST = `<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="org.pytorch">
  <uses-sdk android:minSdkVersion="21" android:targetSdkVersion="28" />
</manifest>
`;

/** Classes of a full-JIT AAR of PyTorch. */
export const PYTORCH_CLASSES: readonly TestEntry[] = [
  { name: "org/pytorch/Module.class", data: classOf("org/pytorch/Module") },
  { name: "org/pytorch/Tensor.class", data: classOf("org/pytorch/Tensor") },
  { name: "org/pytorch/IValue.class", data: classOf("org/pytorch/IValue") },
  { name: "org/pytorch/Device.class", data: classOf("org/pytorch/Device", ["CPU", "VULKAN"]) },
];

/** Shaders of the test AAR: as many as make a backend. */
const SHADERS = 20;

/** Constants of a library with the Vulkan backend: an operator and shaders. */
export function vulkanConstants(shader = spirvOf()): Uint8Array {
  return concat([
    encoder.encode("vulkan_prepack::run_x\0\0\0"),
    ...Array.from({ length: SHADERS }, (_, index) => index === SHADERS - 1 ? shader : spirvOf()),
    new Uint8Array(16),
  ]);
}

/** Entries of an AAR of PyTorch with one ABI that passes every check. */
export function goodEntries(library: TestLibrary = {}): TestEntry[] {
  const abi = library.abi ?? "arm64-v8a";
  return [
    { name: "AndroidManifest.xml", data: MANIFEST },
    { name: "classes.jar", data: zipOf(PYTORCH_CLASSES) },
    { name: "LICENSE", data: "BSD\n" },
    {
      name: `jni/${abi}/libpytorch_jni.so`,
      data: elfOf({ soname: "libpytorch_jni.so", constants: vulkanConstants(), ...library }),
    },
  ];
}

/** Entries with one of them replaced, added, or (`undefined`) taken out. */
export function withEntry(
  entries: readonly TestEntry[],
  name: string,
  entry: Partial<TestEntry> | undefined,
): TestEntry[] {
  const old = entries.find((one) => one.name === name);
  const others = entries.filter((one) => one !== old);
  return entry === undefined ? others : [...others, { name, data: "", ...old, ...entry }];
}

/** A table of texts that are ended by NUL. */
class Texts {
  readonly #chunks: Uint8Array[] = [new Uint8Array(1)];
  #length = 1;

  add(text: string): number {
    const bytes = encoder.encode(`${text}\0`);
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    return this.#length - bytes.length;
  }

  bytes(): Uint8Array {
    return concat(this.#chunks);
  }
}

/** Numbers in the widths of a format, such as "<4 2" (little endian) or ">4 2" (big endian). */
function words(format: string, values: readonly number[]): Uint8Array {
  const isLittle = format.startsWith("<");
  const widths = format.slice(1).split(" ").map(Number);
  const view = new DataView(new ArrayBuffer(widths.reduce((sum, width) => sum + width, 0)));
  let at = 0;
  for (const [index, width] of widths.entries()) {
    const value = values[index] ?? 0;
    if (width === 1) view.setUint8(at, value);
    else if (width === 2) view.setUint16(at, value, isLittle);
    else if (width === 4) view.setUint32(at, value, isLittle);
    else view.setBigUint64(at, BigInt(value), isLittle);
    at += width;
  }
  return new Uint8Array(view.buffer);
}

/** Bytes one after another. */
export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
