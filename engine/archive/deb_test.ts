import { describe, expect, it } from "vitest";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { arArchive, tarArchive } from "./_testing.ts";
import { debEntries } from "./deb.ts";

const data = await tarArchive([
  { name: "./", type: "directory" },
  { name: "./usr/bin/tool", mode: 0o755, content: "#!/bin/sh\n" },
  { name: "./usr/bin/alias", type: "symlink", linkname: "tool" },
]);

function debOf(payload: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return arArchive({
    "debian-binary": "2.0\n",
    "control.tar.gz": gzipSync(new Uint8Array(1024)),
    ...payload,
  });
}

describe("debEntries()", () => {
  it.each([
    ["data.tar", data],
    ["data.tar.gz", gzipSync(data)],
    ["data.tar.zst", zstdCompressSync(data)],
  ])("gives what a package with %s installs", async (name: string, payload: Uint8Array) => {
    const entries = await Array.fromAsync(debEntries(debOf({ [name]: payload })));
    expect(entries.map(({ kind, path }) => [kind, path])).toEqual([["file", "usr/bin/tool"], [
      "link",
      "usr/bin/alias",
    ]]);
  });

  it("refuses a package without payload", async () => {
    await expect(Array.fromAsync(debEntries(debOf({})))).rejects.toThrow("it has no data.tar");
  });

  it("refuses a package whose payload is empty", async () => {
    await expect(Array.fromAsync(debEntries(debOf({ "data.tar": new Uint8Array() })))).rejects.toThrow(
      "it is empty",
    );
  });

  it("refuses a package whose zstd payload is cut off, which the decoder does not tell", async () => {
    const payload = zstdCompressSync(data);
    for (let length = 0; length < payload.length; length++) {
      const deb = debOf({ "data.tar.zst": payload.subarray(0, length) });
      await expect(Array.fromAsync(debEntries(deb))).rejects.toThrow(/damaged|end is missing|unexpected end/);
    }
  });

  it("holds the payload to the limits", async () => {
    const deb = debOf({ "data.tar.gz": gzipSync(data) });
    await expect(Array.fromAsync(debEntries(deb, { maxEntries: 100, maxBytes: 512 }))).rejects.toThrow(
      "grows beyond 512 bytes",
    );
  });
});
