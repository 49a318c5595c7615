/**
 * Archives made for tests.
 *
 * @module
 */
import { pack } from "tar-stream";

/** A Unix ar archive of the given members. */
export function arArchive(members: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [encoder.encode("!<arch>\n")];
  for (const [name, content] of Object.entries(members)) {
    const data = typeof content === "string" ? encoder.encode(content) : content;
    const header = `${name.padEnd(16)}${"0".padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"100644".padEnd(8)}`;
    parts.push(encoder.encode(`${header}${String(data.length).padEnd(10)}\`\n`), data);
    if (data.length % 2 === 1) parts.push(encoder.encode("\n"));
  }
  return concat(parts);
}

/** One entry for {@linkcode tarArchive}: a header of tar-stream and its content. */
export interface TarTestEntry {
  readonly name: string;
  readonly type?: "file" | "directory" | "symlink" | "link" | "fifo" | "character-device" | "block-device";
  readonly linkname?: string;
  readonly mode?: number;
  readonly content?: string | Uint8Array;
  readonly pax?: Record<string, string>;
}

/** A tar archive, written by tar-stream. */
export async function tarArchive(entries: readonly TarTestEntry[]): Promise<Uint8Array> {
  const packer = pack();
  for (const { content, ...header } of entries) {
    packer.entry({ mtime: new Date(0), ...header }, content === undefined ? "" : content as string);
  }
  packer.finalize();
  const parts: Uint8Array[] = [];
  for await (const chunk of packer as AsyncIterable<Uint8Array>) parts.push(chunk);
  return concat(parts);
}

/** One raw tar header with a right checksum, for what no honest writer makes. */
export function tarHeader(
  fields: { name: string; size?: string | Uint8Array; type?: string; magic?: string },
): Uint8Array {
  const header = new Uint8Array(512);
  const put = (offset: number, value: string | Uint8Array) =>
    header.set(typeof value === "string" ? new TextEncoder().encode(value) : value, offset);
  put(0, fields.name);
  put(100, "0000644\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, fields.size ?? "00000000000\0");
  put(136, "00000000000\0");
  put(148, "        ");
  put(156, fields.type ?? "0");
  put(257, fields.magic ?? "ustar\0" + "00");
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return header;
}

/** Bytes one after the other. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
