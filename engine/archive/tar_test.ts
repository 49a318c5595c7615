import { describe, expect, it } from "vitest";
import type { EngineError } from "../error.ts";
import { concat, tarArchive, tarHeader, type TarTestEntry } from "./_testing.ts";
import { type ArchiveEntry, type ArchiveLimits, DEFAULT_LIMITS, safePath, tarEntries } from "./tar.ts";

const END = new Uint8Array(1024);

async function read(
  bytes: Uint8Array | readonly Uint8Array[],
  limits: Partial<ArchiveLimits> = {},
): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  const chunks = bytes instanceof Uint8Array ? [bytes] : bytes;
  for await (const entry of tarEntries(chunks, { ...DEFAULT_LIMITS, ...limits })) entries.push(entry);
  return entries;
}

async function refusal(
  bytes: Uint8Array | readonly Uint8Array[],
  limits?: Partial<ArchiveLimits>,
): Promise<EngineError> {
  return await read(bytes, limits).then((entries) => {
    throw new Error(`read ${entries.length} entries`);
  }, (error) => error as EngineError);
}

const refusalOf = async (...entries: TarTestEntry[]) => await refusal(await tarArchive(entries));

describe("tarEntries()", () => {
  it("gives files, links, hard links and folders with normalised paths", async () => {
    const bytes = await tarArchive([
      { name: "./", type: "directory" },
      { name: "./usr//bin/./", type: "directory" },
      { name: "./usr/bin/tool", mode: 0o755, content: "tool" },
      { name: "usr/data", mode: 0o644, content: "data" },
      { name: "usr/same", type: "link", linkname: "./usr/data" },
      { name: "usr/soft", type: "symlink", linkname: "../../outside" },
    ]);
    expect(
      (await read(bytes)).map((entry) => "data" in entry ? { ...entry, data: entry.data.length } : entry),
    ).toEqual([
      { kind: "folder", path: "usr/bin" },
      { kind: "file", path: "usr/bin/tool", executable: true, data: 4 },
      { kind: "file", path: "usr/data", executable: false, data: 4 },
      { kind: "hardlink", path: "usr/same", target: "usr/data" },
      { kind: "link", path: "usr/soft", target: "../../outside" },
    ]);
  });

  it("reads the same from chunks of any size, whose memory is used again", async () => {
    const bytes = await tarArchive([{ name: "a", content: "x".repeat(3000) }, { name: "b", content: "y" }]);
    const whole = await read(bytes);
    for (const size of [1, 7, 511, 512, 513, 4096]) {
      const buffer = new Uint8Array(size);
      const chunks = function* () {
        for (let offset = 0; offset < bytes.length; offset += size) {
          const part = bytes.subarray(offset, offset + size);
          buffer.set(part);
          yield buffer.subarray(0, part.length);
          buffer.fill(0xee);
        }
      };
      const entries: ArchiveEntry[] = [];
      for await (const entry of tarEntries(chunks())) entries.push(entry);
      expect(entries).toEqual(whole);
    }
  });

  it("reads long names of pax and of GNU tar", async () => {
    const long = `${"folder/".repeat(40)}file`;
    const gnu = concat([
      tarHeader({
        name: "././@LongLink",
        type: "L",
        size: `${(long.length + 1).toString(8).padStart(11, "0")}\0`,
        magic: "ustar  \0",
      }),
      new TextEncoder().encode(long.padEnd(512, "\0")),
      tarHeader({ name: long.slice(0, 99), magic: "ustar  \0" }),
      END,
    ]);
    for (const bytes of [await tarArchive([{ name: long, content: "" }]), gnu]) {
      expect((await read(bytes)).map(({ path }) => path)).toEqual([long]);
    }
  });

  it("lets names of other languages and with newlines through as they are", async () => {
    const names = ["é/Főtanúsítvány.crt", "two\nlines", "back\\slash", " space ", "\u{1f600}"];
    const entries = await read(await tarArchive(names.map((name) => ({ name, content: "" }))));
    expect(entries.map(({ path }) => path)).toEqual(names);
  });

  it("gives both of two entries with one path, in order", async () => {
    const entries = await read(
      await tarArchive([{ name: "a", content: "old" }, { name: "./a", content: "newer" }]),
    );
    expect(entries.map((entry) => entry.kind === "file" && entry.data.length)).toEqual([3, 5]);
  });

  it("gives nothing for an archive without entries", async () => {
    expect(await read(END)).toEqual([]);
  });

  it.each([
    ["absolute paths", { name: "/etc/passwd" }, 'the path "/etc/passwd" is absolute'],
    ["paths that climb", { name: "../etc/passwd" }, "leaves the archive's root"],
    ["paths that climb in the middle", { name: "a/../../b" }, "leaves the archive's root"],
    ["hard links to absolute paths", { name: "a", type: "link", linkname: "/etc/shadow" }, "is absolute"],
    ["hard links that climb", { name: "a", type: "link", linkname: "../a" }, "leaves the archive's root"],
    ["pax names that climb", { name: "a", pax: { path: "../../b" } }, "leaves the archive's root"],
    ["pax names with a zero byte", { name: "a", pax: { path: "b\0c" } }, "holds a zero byte"],
    ["pax link targets with a zero byte", {
      name: "a",
      type: "symlink",
      linkname: "b",
      pax: { linkpath: "b\0c" },
    }, "zero byte"],
    ["links without a target", { name: "a", type: "symlink", linkname: "" }, "has no target"],
    ["pipes", { name: "a", type: "fifo" }, '"a" is a fifo'],
    ["character devices", { name: "a", type: "character-device" }, '"a" is a character-device'],
    ["block devices", { name: "a", type: "block-device" }, '"a" is a block-device'],
  ])("refuses %s", async (_what: string, entry: TarTestEntry, message: string) => {
    const error = await refusalOf({ name: "before", content: "fine" }, entry);
    expect(error.code).toBe("archive-unsafe");
    expect(error.message).toContain(message);
    expect(error.hint).toContain("Nothing of it was kept");
  });

  it("refuses names that are not UTF-8, which would fall together", async () => {
    const header = tarHeader({ name: "a_" });
    header[1] = 0xff;
    header.set(new TextEncoder().encode("        "), 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
    expect((await refusal([header, END])).message).toContain("is not UTF-8");
  });

  it("refuses an archive that is cut off, at every block", async () => {
    const bytes = await tarArchive([{ name: "a", content: "x".repeat(1500) }, { name: "b", content: "y" }]);
    // Of the end's two blocks one is enough.
    for (let length = 0; length < bytes.length - 512; length += 256) {
      expect([length, (await refusal(bytes.subarray(0, length))).code]).toEqual([
        length,
        "archive-malformed",
      ]);
    }
  });

  it("refuses garbage and a damaged header", async () => {
    expect((await refusal(new Uint8Array(2048).fill(0x41))).code).toBe("archive-malformed");
    const bytes = await tarArchive([{ name: "a", content: "x" }]);
    bytes[3]! ^= 0x10;
    expect((await refusal(bytes)).code).toBe("archive-malformed");
  });

  it("refuses more entries than the limit", async () => {
    const bytes = await tarArchive(["a", "b", "c"].map((name) => ({ name, content: "" })));
    expect((await refusal(bytes, { maxEntries: 2 })).message).toContain("more than 2 entries");
    expect((await read(bytes, { maxEntries: 3 })).length).toBe(3);
  });

  it("refuses more bytes than the limit before it takes memory for them", async () => {
    const huge = tarHeader({ name: "huge", size: "77777777777\0" });
    const before = Deno.memoryUsage().rss;
    const error = await refusal([huge, END]);
    expect(error.code).toBe("archive-unsafe");
    expect(error.message).toContain("more than 4294967296 bytes");
    expect(Deno.memoryUsage().rss - before).toBeLessThan(256 * 2 ** 20);
  });

  it.each([
    ["negative", new Uint8Array([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])],
    [
      "beyond all numbers",
      new Uint8Array([0x80, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    ],
    ["of letters", "zzzzzzzzzzz\0"],
  ])("refuses sizes that are %s", async (_what: string, size: string | Uint8Array) => {
    expect((await refusal([tarHeader({ name: "a", size }), END])).code).toMatch(/^archive-/);
  });

  it("refuses pax sizes that are negative", async () => {
    expect((await refusalOf({ name: "a", pax: { size: "-512" } })).code).toMatch(/^archive-/);
  });

  it("stops its source when it refuses: an endless archive costs no more than its limit", async () => {
    let blocks = 0;
    const endless = function* () {
      for (;;) {
        blocks++;
        yield tarHeader({ name: `file-${blocks}` });
      }
    };
    await expect(Array.fromAsync(tarEntries(endless(), { maxEntries: 100, maxBytes: 100 }))).rejects.toThrow(
      "100 entries",
    );
    expect(blocks).toBeLessThan(2000);
  });

  it("ends its source when the reader stops early", async () => {
    let ended = false;
    const source = async function* () {
      try {
        for (;;) yield await Promise.resolve(tarHeader({ name: "a" }));
      } finally {
        ended = true;
      }
    };
    for await (const _entry of tarEntries(source())) break;
    expect(ended).toBe(true);
  });

  it("gives the source's own error", async () => {
    const source = function* () {
      yield tarHeader({ name: "a" });
      throw new Error("the disk is gone");
    };
    await expect(Array.fromAsync(tarEntries(source()))).rejects.toThrow("the disk is gone");
  });
});

describe("safePath()", () => {
  it("normalises", () => {
    expect(["./a//b/.", "a", ".", ""].map(safePath)).toEqual(["a/b", "a", "", ""]);
  });

  it("keeps names that only look like a way up", () => {
    expect(["..a", "a..", "...", "a/..b"].map(safePath)).toEqual(["..a", "a..", "...", "a/..b"]);
  });
});
