import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { tarEntries } from "../archive/mod.ts";
import { denoHost } from "../deno_host.ts";
import { digestOf } from "../digest.ts";
import { toTree } from "../tree/mod.ts";
import { hostItems, tarChunks, type TarItem, treeItems } from "./docker_tar.ts";

const file = (path: string, text: string): TarItem => {
  const bytes = new TextEncoder().encode(text);
  return { kind: "file", path, mode: 0o644, timeS: 1, sizeBytes: bytes.length, content: () => [bytes] };
};

async function entries(items: Iterable<TarItem>) {
  return await Array.fromAsync(tarEntries(tarChunks(items)));
}

describe("tarChunks()", () => {
  it("writes what a reader reads, with long names and odd letters", async () => {
    const long = `${"d".repeat(90)}/${"n".repeat(90)} käse`;
    const read = await entries([
      file("plain", "text"),
      file(long, "x".repeat(2_000_000)),
      { kind: "link", path: "link", target: "t".repeat(200), mode: 0o777, timeS: 1 },
      { kind: "folder", path: "folder", mode: 0o755, timeS: 1 },
    ]);
    expect(read.map(({ kind, path }) => [kind, path])).toEqual([
      ["file", "plain"],
      ["file", long],
      ["link", "link"],
      ["folder", "folder"],
    ]);
    expect(read[2]).toMatchObject({ target: "t".repeat(200) });
  });

  it("fails where a file is not as long as was said", () => {
    for (const content of [[], [new Uint8Array(9)]]) {
      const item: TarItem = { ...file("a", "four"), content: () => content } as TarItem;
      expect(() => [...tarChunks([item])]).toThrow('The file "a" changed while it was read');
    }
  });
});

describe("treeItems()", () => {
  it("gives the same bytes whenever and wherever the files lie", async () => {
    const tree = toTree([
      { kind: "file", path: "a/b/c", digest: digestOf("text"), sizeBytes: 4, executable: true },
      { kind: "link", path: "a/l", target: "b" },
      { kind: "folder", path: "empty" },
    ]);
    const digests = [];
    for (const mode of [0o600, 0o755]) {
      const root = await Deno.makeTempDir({ prefix: "vkforge-tar-" });
      await Deno.mkdir(join(root, "a/b"), { recursive: true });
      await Deno.writeTextFile(join(root, "a/b/c"), "text", { mode });
      const chunks = [...tarChunks(treeItems(tree, { host: denoHost(), root, timeS: 1577836800 }))];
      digests.push(digestOf(await new Blob(chunks).bytes()));
      await Deno.remove(root, { recursive: true });
    }
    expect(digests[0]).toBe(digests[1]);
    // Changes only with the format, and then engines load every image anew.
    expect(digests[0]).toBe("254f6fe11a64e4a006d79faec41c69ca80cebd991e750748e6963cc5ce38c627");
  });
});

describe("hostItems()", () => {
  it("keeps links as links", async () => {
    const folder = await Deno.makeTempDir({ prefix: "vkforge-tar-" });
    await Deno.symlink("/etc/passwd", join(folder, "link"));
    await Deno.writeTextFile(join(folder, "file"), "text");
    const read = await entries(hostItems(denoHost(), folder, "input"));
    expect(read.map(({ kind, path }) => [kind, path])).toEqual([
      ["folder", "input"],
      ["file", "input/file"],
      ["link", "input/link"],
    ]);
    await Deno.remove(folder, { recursive: true });
  });
});
