import { describe, expect, it } from "vitest";
import { deflateRawSync } from "node:zlib";
import { describeContent } from "./describe_content.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("describeContent()", () => {
  it("says nothing of equal contents", () => {
    expect(describeContent(bytes("a"), bytes("a"))).toEqual([]);
  });

  it("shows the lines of a text that differ", () => {
    expect(describeContent(bytes("a\nb\nc\n"), bytes("a\nB\nc\n"))).toEqual(["- b", "+ B"]);
  });

  it("tells a text that only ends otherwise", () => {
    expect(describeContent(bytes("a\n"), bytes("a"))).toEqual(["only the line break at the end differs"]);
  });

  it("shows where other bytes differ first, on both sides, and how many do", () => {
    const before = new Uint8Array(100);
    const now = before.slice();
    now[37] = 0x41;
    now[99] = 1;
    expect(describeContent(before, now)).toEqual([
      "2 bytes differ of 100 bytes, the first at offset 0x25",
      "  - 0x00000020  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................",
      "  + 0x00000020  00 00 00 00 00 41 00 00 00 00 00 00 00 00 00 00  .....A..........",
    ]);
  });

  it("counts what one side has more", () => {
    expect(describeContent(new Uint8Array(4), new Uint8Array(6))[0]).toBe(
      "2 bytes differ of 4 bytes before, 6 now, the first at offset 0x4",
    );
  });

  it("names the entries of an archive that differ, and what in them does", () => {
    const before = zip([["same", "x"], ["data.pkl", "seed 1\n"], ["gone", ""]]);
    const now = zip([["same", "x"], ["data.pkl", "seed 2\n"], ["new", ""]]);
    expect(describeContent(before, now)).toEqual([
      'entry "data.pkl" differs',
      "  - seed 1",
      "  + seed 2",
      'entry "gone" is missing',
      'entry "new" is extra',
    ]);
  });

  it("looks into archives in archives", () => {
    const outer = (text: string) => zip([["classes.jar", zip([["a.txt", text]])]]);
    expect(describeContent(outer("1\n"), outer("2\n"))).toEqual([
      'entry "classes.jar" differs',
      '  entry "a.txt" differs',
      "    - 1",
      "    + 2",
    ]);
  });

  it("tells an archive whose entries have only other times, or another order", () => {
    const before = zip([["a", "1"], ["b", "2"]]);
    expect(describeContent(before, zip([["a", "1"], ["b", "2"]], { date: 0x5a21 }))[0]).toBe(
      'entry "a" has the same bytes but another time 1980-01-01 00:00:00 → 2025-01-01 00:00:00',
    );
    expect(describeContent(before, zip([["b", "2"], ["a", "1"]]))).toEqual([
      "the entries are in another order",
    ]);
  });

  it("names the sections of an ELF file that differ", () => {
    const before = elf({ ".text": "code", ".note.gnu.build-id": "1111" });
    const now = elf({ ".text": "code", ".note.gnu.build-id": "2222" });
    expect(describeContent(before, now)).toEqual([
      'section ".note.gnu.build-id" differs',
      "  4 bytes differ of 4 bytes, the first at offset 0x0",
      "    - 0x00000000  31 31 31 31                                      1111",
      "    + 0x00000000  32 32 32 32                                      2222",
    ]);
  });

  it("falls back to bytes where an archive or an ELF file is cut off", () => {
    const whole = zip([["a", "some text that is long enough"]]);
    const lines = describeContent(whole, whole.slice(0, 40));
    expect(lines[0]).toContain("bytes before, 40 now");
    const program = elf({ ".text": "code" });
    expect(describeContent(program, program.slice(0, 70))[0]).toContain("70 now");
  });

  it("tells only the first of many entries", () => {
    const many = (text: string) => zip(Array.from({ length: 20 }, (_, i) => [`e${i}`, text]));
    const lines = describeContent(many("1\n"), many("2\n"));
    expect(lines.at(-1)).toBe("and 12 more entries");
  });
});

/** A zip archive with deflated entries. */
function zip(
  entries: ReadonlyArray<readonly [string, string | Uint8Array]>,
  { date = 0x21 }: { date?: number } = {},
): Uint8Array {
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const [name, content] of entries) {
    const raw = typeof content === "string" ? bytes(content) : content;
    const packed = deflateRawSync(raw);
    const encoded = bytes(name);
    const common = new DataView(new ArrayBuffer(26));
    common.setUint16(0, 20, true);
    common.setUint16(4, 8, true);
    common.setUint16(8, date, true);
    common.setUint32(10, crc32(raw), true);
    common.setUint32(14, packed.length, true);
    common.setUint32(18, raw.length, true);
    common.setUint16(22, encoded.length, true);
    const local = concat([bytes("PK\x03\x04"), new Uint8Array(common.buffer), encoded, packed]);
    const tail = new DataView(new ArrayBuffer(14));
    tail.setUint32(10, offset, true);
    central.push(
      concat([
        bytes("PK\x01\x02\x14\0"),
        new Uint8Array(common.buffer),
        new Uint8Array(tail.buffer),
        encoded,
      ]),
    );
    parts.push(local);
    offset += local.length;
  }
  const directory = concat(central);
  const end = new DataView(new ArrayBuffer(18));
  end.setUint16(4, entries.length, true);
  end.setUint16(6, entries.length, true);
  end.setUint32(8, directory.length, true);
  end.setUint32(12, offset, true);
  return concat([...parts, directory, bytes("PK\x05\x06"), new Uint8Array(end.buffer)]);
}

/** An ELF file with nothing but sections. */
function elf(sections: Readonly<Record<string, string>>): Uint8Array {
  const names = ["", ...Object.keys(sections), ".shstrtab"];
  const strings = bytes(names.map((name) => `${name}\0`).join(""));
  const contents = [new Uint8Array(0), ...Object.values(sections).map(bytes), strings];
  const headers = new DataView(new ArrayBuffer(64 * names.length));
  let [nameAt, offset] = [0, 64];
  names.forEach((name, index) => {
    headers.setUint32(index * 64, nameAt, true);
    headers.setUint32(index * 64 + 4, 1, true);
    headers.setBigUint64(index * 64 + 24, BigInt(offset), true);
    headers.setBigUint64(index * 64 + 32, BigInt(contents[index]!.length), true);
    nameAt += name.length + 1;
    offset += contents[index]!.length;
  });
  const head = new DataView(new ArrayBuffer(64));
  head.setUint32(0, 0x7f454c46);
  head.setUint8(4, 2);
  head.setUint8(5, 1);
  head.setBigUint64(40, BigInt(offset), true);
  head.setUint16(58, 64, true);
  head.setUint16(60, names.length, true);
  head.setUint16(62, names.length - 1, true);
  return concat([new Uint8Array(head.buffer), ...contents, new Uint8Array(headers.buffer)]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function crc32(data: Uint8Array): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}
