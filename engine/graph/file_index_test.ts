import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { digestOf } from "../digest.ts";
import type { Host } from "../host.ts";
import { FileIndex, indexPath } from "./file_index.ts";
import { readFiles } from "./files.ts";

const real = denoHost();
let folder: string;
let store: string;
let repository: string;

/** The machine some time from now, and the files that it reads. */
function machine(laterMs = 0): { host: Host; read: string[] } {
  const read: string[] = [];
  const host = {
    ...real,
    clock: { ...real.clock, now: () => Date.now() + laterMs },
    fs: {
      ...real.fs,
      readChunks: (path: string, onChunk: (chunk: Uint8Array) => void) => {
        read.push(path.slice(repository.length + 1));
        real.fs.readChunks(path, onChunk);
      },
    },
  };
  return { host, read };
}

/** Digests of all files by path, and which of them were read for it, in a process of its own. */
function scan(laterMs = 10_000): { digests: Record<string, string>; read: string[] } {
  const { host, read } = machine(laterMs);
  const index = FileIndex.open(host, store, repository);
  const tree = readFiles(host, repository, { folder: "src", index });
  index.save();
  const digests = tree.flatMap((entry) => entry.kind === "file" ? [[entry.path, entry.digest]] : []);
  return { digests: Object.fromEntries(digests), read };
}

function write(path: string, text: string): void {
  Deno.mkdirSync(join(repository, "src", path, ".."), { recursive: true });
  Deno.writeTextFileSync(join(repository, "src", path), text);
}

describe("FileIndex", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-index-" });
    [store, repository] = [join(folder, "store"), join(folder, "repository")];
    write("a.txt", "one");
    write("deep/b.txt", "two");
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("reads no file twice that did not change", () => {
    expect(scan().read.sort()).toEqual(["src/a.txt", "src/deep/b.txt"]);
    const digests = { "a.txt": digestOf("one"), "deep/b.txt": digestOf("two") };
    expect(scan()).toEqual({ digests, read: [] });
  });

  it("reads a file again whose size, time or inode changed", () => {
    scan();
    write("a.txt", "other");
    expect(scan().digests["a.txt"]).toBe(digestOf("other"));
    write("a.txt", "OTHER");
    // The clock of these tests is ahead, so that times seem old; the tick of the real one may be the same still.
    Deno.utimeSync(join(repository, "src/a.txt"), 1_000_000_000, 1_000_000_000);
    expect(scan().digests["a.txt"]).toBe(digestOf("OTHER"));

    // As editors save: another file under the same name, here even with the same time.
    const info = Deno.statSync(join(repository, "src/a.txt"));
    write("new", "third");
    Deno.utimeSync(join(repository, "src/new"), info.atime!, info.mtime!);
    Deno.renameSync(join(repository, "src/new"), join(repository, "src/a.txt"));
    expect(scan().digests["a.txt"]).toBe(digestOf("third"));
  });

  it("does not trust a file that was changed within the two seconds before it was hashed", () => {
    const before = scan(0);
    expect(before.read.length).toBe(2);
    // Same size, and all times set back to what they were: only the rule can see it.
    const path = join(repository, "src/a.txt");
    const { atime, mtime } = Deno.statSync(path);
    Deno.writeTextFileSync(path, "ONE");
    Deno.utimeSync(path, atime!, mtime!);
    expect(scan(0).digests["a.txt"]).toBe(digestOf("ONE"));
  });

  it("does not trust times in the future", () => {
    const future = new Date(Date.now() + 3600_000);
    Deno.utimeSync(join(repository, "src/a.txt"), future, future);
    scan();
    expect(scan().read).toEqual(["src/a.txt"]);
  });

  it("counts as empty when it is damaged, at any bit and any length", () => {
    scan();
    const path = indexPath(store, repository);
    const whole = Deno.readFileSync(path);
    const digests = { "a.txt": digestOf("one"), "deep/b.txt": digestOf("two") };
    for (let bit = 0; bit < whole.length * 8; bit += 7) {
      const damaged = whole.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      Deno.writeFileSync(path, damaged);
      expect([bit, scan()]).toEqual([bit, { digests, read: expect.arrayContaining(["src/a.txt"]) }]);
    }
    for (let length = 0; length < whole.length; length += 13) {
      Deno.writeFileSync(path, whole.slice(0, length));
      expect([length, scan()]).toEqual([length, { digests, read: expect.arrayContaining(["src/a.txt"]) }]);
    }
    expect(scan().read).toEqual([]);
  });

  it("is written only when something was learnt, and forgets files that are gone", () => {
    scan();
    const path = indexPath(store, repository);
    const { ino } = Deno.statSync(path);
    scan();
    expect(Deno.statSync(path).ino).toBe(ino);
    Deno.removeSync(join(repository, "src/deep"), { recursive: true });
    write("c.txt", "three");
    scan();
    const text = new TextDecoder().decode(Deno.readFileSync(path));
    expect([text.includes("src/c.txt"), text.includes("src/a.txt"), text.includes("b.txt")]).toEqual(
      [true, true, false],
    );
    expect([...Deno.readDirSync(join(store, "index"))].length).toBe(1);
  });

  it("keeps repositories apart", () => {
    scan();
    const other = join(folder, "other");
    Deno.renameSync(repository, other);
    repository = other;
    expect(scan().read.length).toBe(2);
  });

  it("does without where the store cannot be written", () => {
    Deno.writeTextFileSync(store, "in the way");
    expect(scan().digests["a.txt"]).toBe(digestOf("one"));
  });
});
