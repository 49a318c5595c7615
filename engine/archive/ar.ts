/**
 * Unix ar archives, as far as .deb files use them.
 *
 * @module
 */
import { EngineError } from "../error.ts";

/** One member of an ar archive. */
export interface ArMember {
  readonly name: string;
  readonly data: Uint8Array;
}

const MAGIC = "!<arch>\n";
const HEADER_BYTES = 60;

/**
 * The members of an ar archive, without copying.
 *
 * @throws {EngineError} "archive-malformed" for anything that is not a whole ar archive
 */
export function arMembers(bytes: Uint8Array): ArMember[] {
  if (text(bytes, 0, MAGIC.length) !== MAGIC) throw malformed("it does not start like an ar archive");
  const members: ArMember[] = [];
  let offset = MAGIC.length;
  while (offset < bytes.length) {
    if (offset + HEADER_BYTES > bytes.length) throw malformed("a member's header is cut off");
    if (text(bytes, offset + 58, 2) !== "`\n") throw malformed(`no member starts at byte ${offset}`);
    const name = text(bytes, offset, 16).trimEnd().replace(/\/$/, "");
    const size = text(bytes, offset + 48, 10).trimEnd();
    if (!/^\d+$/.test(size)) throw malformed(`the size of "${name}" is not a number`);
    const start = offset + HEADER_BYTES;
    const end = start + Number(size);
    if (end > bytes.length) {
      throw malformed(`"${name}" is cut off: ${Number(size)} bytes announced, ${bytes.length - start} there`);
    }
    members.push({ name, data: bytes.subarray(start, end) });
    offset = end + (end % 2);
  }
  return members;
}

function text(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}

function malformed(reason: string): EngineError {
  return new EngineError("archive-malformed", `Cannot read the ar archive: ${reason}`);
}
