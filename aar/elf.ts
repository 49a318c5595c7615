/**
 * What a loader would see of a shared library: segments, the dynamic section, symbols, notes. Layout as in the System V
 * ABI, chapters 4 and 5; little endian, 32 and 64 bits, as on every Android machine. Read through segments, as the loader
 * does, since sections may be stripped.
 *
 * @module
 */

/** A loaded part of the file. */
export interface LoadSegment {
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
  readonly alignBytes: number;
  readonly isWritable: boolean;
  readonly isExecutable: boolean;
}

/** A range of bytes of the file. */
export interface ByteRange {
  readonly name: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** A shared library. */
export interface Elf {
  readonly bits: 32 | 64;
  /** `e_machine`. */
  readonly machine: number;
  readonly isSharedObject: boolean;
  readonly loads: readonly LoadSegment[];
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  readonly hasTextRelocations: boolean;
  readonly hasExecutableStack: boolean;
  /** Hex digits of the GNU build id. */
  readonly buildId: string | undefined;
  /** NDK that made it, such as "r21b". */
  readonly ndk: string | undefined;
  /** Android API level that it was made for. */
  readonly apiLevel: number | undefined;
  /** Sections that `strip` takes: ".symtab", ".debug_info". */
  readonly unstripped: readonly string[];
  /** Where constants and texts lie: ".rodata" and what looks like it; all segments where there are no sections. */
  readonly constants: readonly ByteRange[];
  /** Names of symbols that others can link to. */
  readonly exported: readonly string[];
}

/** A file that no loader would take. */
export class ElfError extends Error {
  override readonly name = "ElfError";
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_NOTE = 4;
const PT_GNU_STACK = 0x6474e551;
const ET_DYN = 3;
const PF_X = 1;
const PF_W = 2;
const DT = {
  null: 0,
  needed: 1,
  hash: 4,
  strtab: 5,
  symtab: 6,
  strsz: 10,
  soname: 14,
  textrel: 22,
  flags: 30,
};
const DT_GNU_HASH = 0x6ffffef5;
const DF_TEXTREL = 4;
const NT_GNU_BUILD_ID = 3;
const NT_ANDROID_VERSION = 1;
const SHT_NOBITS = 8;
const SHF_ALLOC = 2;
const SHF_EXECINSTR = 4;

/**
 * Reads a library.
 *
 * @throws {ElfError} if it is none, or is damaged
 */
export function readElf(bytes: Uint8Array): Elf {
  try {
    return new Reader(bytes).read();
  } catch (error) {
    if (error instanceof RangeError) throw new ElfError("is cut off, or its headers point outside the file");
    throw error;
  }
}

interface Segment extends LoadSegment {
  readonly type: number;
  readonly flags: number;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #is64: boolean;

  constructor(bytes: Uint8Array) {
    if (bytes.length < 52 || bytes[0] !== 0x7f || latin1(bytes.subarray(1, 4)) !== "ELF") {
      throw new ElfError("is no ELF file");
    }
    if (bytes[4] !== 1 && bytes[4] !== 2) throw new ElfError(`has the ELF class ${bytes[4]}`);
    if (bytes[5] !== 1) throw new ElfError("is big endian, which no Android machine is");
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#is64 = bytes[4] === 2;
  }

  read(): Elf {
    const segments = this.#segments();
    const loads = segments.filter(({ type }) => type === PT_LOAD);
    if (loads.length === 0) throw new ElfError("has no segment to load");
    for (const { type, offset, fileBytes } of segments) {
      if (type !== PT_GNU_STACK && offset + fileBytes > this.#bytes.length) {
        throw new ElfError("is cut off: a segment ends behind the file's end");
      }
    }
    const sections = this.#sections();
    const dynamic = this.#dynamic(segments);
    const text = this.#texts(dynamic, loads);
    const flags = dynamic.get(DT.flags)?.[0] ?? 0;
    const stack = segments.find(({ type }) => type === PT_GNU_STACK);
    return {
      bits: this.#is64 ? 64 : 32,
      machine: this.#view.getUint16(18, true),
      isSharedObject: this.#view.getUint16(16, true) === ET_DYN,
      loads: loads.map(({ type: _type, flags: _flags, ...load }) => load),
      needed: (dynamic.get(DT.needed) ?? []).map(text),
      soname: dynamic.get(DT.soname)?.map(text)[0],
      hasTextRelocations: dynamic.has(DT.textrel) || (flags & DF_TEXTREL) !== 0,
      hasExecutableStack: stack?.isExecutable === true,
      ...this.#notes(segments),
      unstripped: sections.map(({ name }) => name).filter((name) => /^\.(symtab|z?debug_info)$/.test(name)),
      constants: constantsOf(sections, loads),
      exported: this.#exported(dynamic, { loads, text }),
    };
  }

  #segments(): Segment[] {
    const view = this.#view;
    const start = this.#word(this.#is64 ? 32 : 28);
    const size = view.getUint16(this.#is64 ? 54 : 42, true);
    const count = view.getUint16(this.#is64 ? 56 : 44, true);
    if (size !== (this.#is64 ? 56 : 32)) throw new ElfError(`has program headers of ${size} bytes`);
    return Array.from({ length: count }, (_, index) => {
      const at = start + index * size;
      const flags = view.getUint32(at + (this.#is64 ? 4 : 24), true);
      return {
        type: view.getUint32(at, true),
        flags,
        offset: this.#word(at + (this.#is64 ? 8 : 4)),
        address: this.#word(at + (this.#is64 ? 16 : 8)),
        fileBytes: this.#word(at + (this.#is64 ? 32 : 16)),
        alignBytes: this.#word(at + (this.#is64 ? 48 : 28)),
        isExecutable: (flags & PF_X) !== 0,
        isWritable: (flags & PF_W) !== 0,
      };
    });
  }

  /** Values by tag, in the order in which they stand. */
  #dynamic(segments: readonly Segment[]): Map<number, number[]> {
    const found = new Map<number, number[]>();
    const segment = segments.find(({ type }) => type === PT_DYNAMIC);
    if (segment === undefined) throw new ElfError("has no dynamic section: it is no shared library");
    const step = this.#is64 ? 16 : 8;
    for (let at = segment.offset; at + step <= segment.offset + segment.fileBytes; at += step) {
      const tag = this.#word(at);
      if (tag === DT.null) break;
      const values = found.get(tag) ?? [];
      values.push(this.#word(at + step / 2));
      found.set(tag, values);
    }
    return found;
  }

  #texts(dynamic: ReadonlyMap<number, readonly number[]>, loads: readonly Segment[]): (at: number) => string {
    const start = offsetOf(dynamic.get(DT.strtab)?.[0] ?? -1, loads);
    const sizeBytes = dynamic.get(DT.strsz)?.[0] ?? 0;
    if (start === undefined || start + sizeBytes > this.#bytes.length) {
      throw new ElfError("has a dynamic section without its texts");
    }
    // Decoded once: name by name, the 25,000 of PyTorch's library took four times as long.
    const table = latin1(this.#bytes.subarray(start, start + sizeBytes));
    return (at) => {
      const end = table.indexOf("\0", at);
      if (at >= table.length || end < 0) throw new ElfError("has a name outside its table of names");
      return table.slice(at, end);
    };
  }

  #notes(segments: readonly Segment[]) {
    let buildId: string | undefined;
    let ndk: string | undefined;
    let apiLevel: number | undefined;
    for (const { offset, fileBytes } of segments.filter(({ type }) => type === PT_NOTE)) {
      const end = offset + fileBytes;
      for (let at = offset; at + 12 <= end;) {
        const nameBytes = this.#view.getUint32(at, true);
        const sizeBytes = this.#view.getUint32(at + 4, true);
        const type = this.#view.getUint32(at + 8, true);
        const dataAt = at + 12 + roundUp4(nameBytes);
        const owner = latin1(this.#bytes.subarray(at + 12, at + 12 + Math.max(0, nameBytes - 1)));
        const data = this.#bytes.subarray(dataAt, dataAt + sizeBytes);
        if (owner === "GNU" && type === NT_GNU_BUILD_ID) buildId = data.toHex();
        if (owner === "Android" && type === NT_ANDROID_VERSION && sizeBytes >= 4) {
          apiLevel = this.#view.getUint32(dataAt, true);
          const name = latin1(data.subarray(4, 68)).replace(/\0.*$/s, "");
          if (name !== "") ndk = name;
        }
        at = dataAt + roundUp4(sizeBytes);
      }
    }
    return { buildId, ndk, apiLevel };
  }

  #sections(): Section[] {
    const view = this.#view;
    const start = this.#word(this.#is64 ? 40 : 32);
    const size = view.getUint16(this.#is64 ? 58 : 46, true);
    const count = view.getUint16(this.#is64 ? 60 : 48, true);
    const namesIndex = view.getUint16(this.#is64 ? 62 : 50, true);
    // The loader does without; a table that is cut off says that the file is.
    if (start === 0 || count === 0) return [];
    if (start + size * count > this.#bytes.length) {
      throw new ElfError("is cut off: its table of sections is not there");
    }
    const headers = Array.from({ length: count }, (_, index) => {
      const at = start + index * size;
      return {
        nameAt: view.getUint32(at, true),
        type: view.getUint32(at + 4, true),
        flags: this.#word(at + 8),
        offset: this.#word(at + (this.#is64 ? 24 : 16)),
        sizeBytes: this.#word(at + (this.#is64 ? 32 : 20)),
      };
    });
    const names = headers[namesIndex];
    if (names === undefined) return [];
    return headers.map(({ nameAt, ...header }) => {
      const nameStart = names.offset + nameAt;
      return { ...header, name: latin1(this.#bytes.subarray(nameStart, this.#bytes.indexOf(0, nameStart))) };
    });
  }

  #exported(
    dynamic: ReadonlyMap<number, readonly number[]>,
    { loads, text }: { readonly loads: readonly Segment[]; readonly text: (at: number) => string },
  ): string[] {
    const start = offsetOf(dynamic.get(DT.symtab)?.[0] ?? -1, loads);
    if (start === undefined) return [];
    const count = this.#symbolCount(dynamic, loads);
    const size = this.#is64 ? 24 : 16;
    const names: string[] = [];
    for (let index = 1; index < count; index++) {
      const at = start + index * size;
      const binding = this.#view.getUint8(at + (this.#is64 ? 4 : 12)) >> 4;
      const section = this.#view.getUint16(at + (this.#is64 ? 6 : 14), true);
      // Global or weak, and defined here.
      if ((binding === 1 || binding === 2) && section !== 0) names.push(text(this.#view.getUint32(at, true)));
    }
    return names;
  }

  /** The dynamic section does not tell how many symbols there are; the hash tables do. */
  #symbolCount(dynamic: ReadonlyMap<number, readonly number[]>, loads: readonly Segment[]): number {
    const view = this.#view;
    const hash = offsetOf(dynamic.get(DT.hash)?.[0] ?? -1, loads);
    if (hash !== undefined) return view.getUint32(hash + 4, true);
    const gnuHash = offsetOf(dynamic.get(DT_GNU_HASH)?.[0] ?? -1, loads);
    if (gnuHash === undefined) return 0;
    const buckets = view.getUint32(gnuHash, true);
    const firstSymbol = view.getUint32(gnuHash + 4, true);
    const bucketsAt = gnuHash + 16 + view.getUint32(gnuHash + 8, true) * (this.#is64 ? 8 : 4);
    let last = 0;
    for (let index = 0; index < buckets; index++) {
      last = Math.max(last, view.getUint32(bucketsAt + index * 4, true));
    }
    if (last < firstSymbol) return firstSymbol;
    // The last entry of a chain has its lowest bit set.
    const chainsAt = bucketsAt + buckets * 4;
    while ((view.getUint32(chainsAt + (last - firstSymbol) * 4, true) & 1) === 0) last++;
    return last + 1;
  }

  #word(at: number): number {
    return this.#is64 ? Number(this.#view.getBigUint64(at, true)) : this.#view.getUint32(at, true);
  }
}

interface Section extends ByteRange {
  readonly type: number;
  readonly flags: number;
}

function constantsOf(sections: readonly Section[], loads: readonly LoadSegment[]): ByteRange[] {
  const found = sections.filter(({ name, type, flags }) =>
    /^\.(l?rodata|data)\b/.test(name) && type !== SHT_NOBITS && (flags & SHF_ALLOC) !== 0 &&
    (flags & SHF_EXECINSTR) === 0
  );
  if (found.length > 0) return found.map(({ name, offset, sizeBytes }) => ({ name, offset, sizeBytes }));
  return loads.map(({ offset, fileBytes }) => ({ name: "segment", offset, sizeBytes: fileBytes }));
}

/** Where an address of the loaded library lies in the file. */
function offsetOf(address: number, loads: readonly LoadSegment[]): number | undefined {
  const load = loads.find((one) => address >= one.address && address < one.address + one.fileBytes);
  return load === undefined ? undefined : load.offset + address - load.address;
}

function roundUp4(value: number): number {
  // No bit operations: they would make a damaged length of 4 GB negative, and a loop endless.
  return Math.ceil(value / 4) * 4;
}

const decoder = new TextDecoder("latin1");

function latin1(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
