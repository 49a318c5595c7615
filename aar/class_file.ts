/**
 * What a Java class offers to others: its members with their types. Layout as in the Java Virtual Machine Specification,
 * chapter 4; code is skipped.
 *
 * @module
 */

/** A field or method. */
export interface ClassMember {
  readonly name: string;
  /** Type as the virtual machine writes it, such as "(Ljava/lang/String;)V". */
  readonly descriptor: string;
  readonly flags: number;
}

/** A class, interface or enum. */
export interface ClassFile {
  /** Such as "org/pytorch/Tensor$1". */
  readonly name: string;
  readonly superclass: string | undefined;
  readonly flags: number;
  /** Of the class format: 52 is Java 8. */
  readonly majorVersion: number;
  readonly fields: readonly ClassMember[];
  readonly methods: readonly ClassMember[];
}

/** Access flags. */
export const ACCESS = {
  public: 0x0001,
  protected: 0x0004,
  static: 0x0008,
  native: 0x0100,
  synthetic: 0x1000,
  enum: 0x4000,
} as const;

/** A file that no virtual machine would take. */
export class ClassFileError extends Error {
  override readonly name = "ClassFileError";
}

const MAGIC = 0xcafebabe;

/**
 * Reads a class.
 *
 * @throws {ClassFileError}
 */
export function readClassFile(bytes: Uint8Array): ClassFile {
  try {
    return read(new Cursor(bytes));
  } catch (error) {
    if (error instanceof RangeError) throw new ClassFileError("is cut off");
    throw error;
  }
}

/** Public and protected members, one line each: what code compiled against the class relies on. */
export function apiOf(file: ClassFile): string[] {
  const isOpen = (flags: number) =>
    (flags & (ACCESS.public | ACCESS.protected)) !== 0 && (flags & ACCESS.synthetic) === 0;
  if (!isOpen(file.flags)) return [];
  const members = [...file.fields, ...file.methods].filter(({ flags }) => isOpen(flags));
  return [file.name, ...members.map(({ name, descriptor }) => `${file.name}.${name} ${descriptor}`)];
}

function read(cursor: Cursor): ClassFile {
  if (cursor.u4() !== MAGIC) throw new ClassFileError("is no class file");
  cursor.skip(2);
  const majorVersion = cursor.u2();
  const pool = readPool(cursor);
  const flags = cursor.u2();
  const name = pool.className(cursor.u2());
  const superIndex = cursor.u2();
  cursor.skip(cursor.u2() * 2);
  const fields = readMembers(cursor, pool);
  const methods = readMembers(cursor, pool);
  return {
    name,
    superclass: superIndex === 0 ? undefined : pool.className(superIndex),
    flags,
    majorVersion,
    fields,
    methods,
  };
}

interface Pool {
  text(index: number): string;
  className(index: number): string;
}

/** Bytes behind the tag of each constant, JVMS table 4.4-A; texts (1) have a length of their own. */
const CONSTANT_BYTES: Readonly<Record<number, number>> = {
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 2,
  8: 2,
  9: 4,
  10: 4,
  11: 4,
  12: 4,
  15: 3,
  16: 2,
  17: 4,
  18: 4,
  19: 2,
  20: 2,
};

function readPool(cursor: Cursor): Pool {
  const texts = new Map<number, string>();
  const classes = new Map<number, number>();
  const count = cursor.u2();
  for (let index = 1; index < count; index++) {
    const tag = cursor.u1();
    if (tag === 1) {
      texts.set(index, cursor.text(cursor.u2()));
      continue;
    }
    const sizeBytes = CONSTANT_BYTES[tag];
    if (sizeBytes === undefined) throw new ClassFileError(`has a constant of kind ${tag}`);
    if (tag === 7) classes.set(index, cursor.u2());
    else cursor.skip(sizeBytes);
    // Numbers of 8 bytes take two places.
    if (tag === 5 || tag === 6) index++;
  }
  const text = (index: number) => {
    const found = texts.get(index);
    if (found === undefined) throw new ClassFileError(`has no text ${index}`);
    return found;
  };
  return { text, className: (index) => text(classes.get(index) ?? 0) };
}

function readMembers(cursor: Cursor, pool: Pool): ClassMember[] {
  return Array.from({ length: cursor.u2() }, () => {
    const flags = cursor.u2();
    const name = pool.text(cursor.u2());
    const descriptor = pool.text(cursor.u2());
    for (let rest = cursor.u2(); rest > 0; rest--) {
      cursor.skip(2);
      cursor.skip(cursor.u4());
    }
    return { name, descriptor, flags };
  });
}

/** Reads big-endian numbers one after another; a `RangeError` tells that the file is cut off. */
class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u1(): number {
    return this.#view.getUint8(this.#at++);
  }

  u2(): number {
    this.#at += 2;
    return this.#view.getUint16(this.#at - 2);
  }

  u4(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4);
  }

  skip(count: number): void {
    this.#at += count;
    if (this.#at > this.#bytes.length) throw new RangeError("cut off");
  }

  text(length: number): string {
    const start = this.#at;
    this.skip(length);
    return new TextDecoder().decode(this.#bytes.subarray(start, start + length));
  }
}
