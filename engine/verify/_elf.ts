/**
 * Sections of ELF files (64 bits, little endian), as in the System V ABI, chapter 4.
 *
 * @module
 */

/** A section with its bytes; empty for one that takes no room in the file. */
export interface ElfSection {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const SHT_NOBITS = 8;

/** Whether bytes begin like an ELF file of the kind that is read here. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes.length > 64 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c &&
    bytes[3] === 0x46 &&
    bytes[4] === 2 && bytes[5] === 1;
}

/** The sections of an ELF file, in the order of its table; `undefined` if the file is not whole. */
export function readSections(bytes: Uint8Array): ElfSection[] | undefined {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const tableAt = Number(view.getBigUint64(40, true));
    const entrySize = view.getUint16(58, true);
    const count = view.getUint16(60, true);
    const headers = Array.from({ length: count }, (_, index) => {
      const at = tableAt + index * entrySize;
      return {
        nameAt: view.getUint32(at, true),
        type: view.getUint32(at + 4, true),
        offset: Number(view.getBigUint64(at + 24, true)),
        size: Number(view.getBigUint64(at + 32, true)),
      };
    });
    const names = headers[view.getUint16(62, true)];
    if (names === undefined) return undefined;
    return headers.map(({ nameAt, type, offset, size }) => ({
      name: textAt(bytes, names.offset + nameAt),
      bytes: type === SHT_NOBITS ? new Uint8Array(0) : bytes.subarray(offset, offset + size),
    }));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function textAt(bytes: Uint8Array, start: number): string {
  return new TextDecoder("latin1").decode(bytes.subarray(start, bytes.indexOf(0, start)));
}
