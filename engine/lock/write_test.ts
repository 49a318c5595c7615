import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { denoHost } from "../deno_host.ts";
import { readLockFile, readPackagesLock, writeLockFile, writePackagesLock } from "./mod.ts";
import type { LockFile, PackagesLock } from "./mod.ts";

let folder: string;
let path: string;

beforeEachIn("writeLockFile()", () => {
  it("writes equal locks as equal bytes, by name and in the order people read", () => {
    const ndk = { kind: "https", url: "https://a.test/ndk.zip", sha256: "a".repeat(64) } as const;
    const url = { sizeBytes: 5, sha1: "c".repeat(40), coordinates: "a:b:1", kind: "maven" } as const;
    writeLockFile(denoHost(), path, { schema: 1, archives: {}, sources: { ndk, url } });
    const first = Deno.readTextFileSync(path);
    writeLockFile(denoHost(), path, { sources: { url, ndk }, archives: {}, schema: 1 });
    expect(Deno.readTextFileSync(path)).toBe(first);
    expect(first).toBe(`{
  "schema": 1,
  "archives": {},
  "sources": {
    "ndk": {
      "kind": "https",
      "url": "https://a.test/ndk.zip",
      "sha256": "${"a".repeat(64)}"
    },
    "url": {
      "kind": "maven",
      "coordinates": "a:b:1",
      "sha1": "${"c".repeat(40)}",
      "sizeBytes": 5
    }
  }
}
`);
  });

  it("writes what is read back", async () => {
    const lock: LockFile = {
      schema: 1,
      archives: {
        b: {
          url: "https://a.test/debian",
          suite: "bookworm",
          components: ["main"],
          architecture: "amd64",
          snapshot: "https://s.test/1",
        },
      },
      sources: {
        git: { kind: "git", url: "https://a.test/x.git", commit: "d".repeat(40), submodules: false },
      },
    };
    writeLockFile(denoHost(), path, lock);
    expect(await readLockFile(denoHost(), path)).toEqual(lock);
  });

  it("leaves the old file whole when the new one cannot be written", () => {
    writeLockFile(denoHost(), path, { schema: 1, archives: {}, sources: {} });
    const old = Deno.readTextFileSync(path);
    const host = denoHost();
    const openWrite: typeof host.fs.openWrite = (path, options) => {
      host.fs.openWrite(path, options)[Symbol.dispose]();
      throw Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
    };
    const full = { ...host, fs: { ...host.fs, openWrite } };
    expect(() => writeLockFile(full, path, { schema: 1, archives: {}, sources: {} })).toThrow(
      "no space left",
    );
    expect(Deno.readTextFileSync(path)).toBe(old);
    expect([...Deno.readDirSync(folder)].map(({ name }) => name)).toEqual(["vkforge.lock.json"]);
  });
});

beforeEachIn("writePackagesLock()", () => {
  it("keeps the order of archives, names and packages", async () => {
    const one = { version: "1", archive: "b", path: "pool/a.deb", sha256: "a".repeat(64), sizeBytes: 5 };
    const lock: PackagesLock = {
      schema: 1,
      requested: { trixie: ["z", "a"], bookworm: ["m"] },
      packages: [{ name: "z", ...one }, { name: "a", ...one }],
    };
    writePackagesLock(denoHost(), path, lock);
    const read = await readPackagesLock(denoHost(), path);
    expect(read).toEqual(lock);
    expect(Object.keys(read.requested)).toEqual(["trixie", "bookworm"]);
  });
});

function beforeEachIn(name: string, body: () => void): void {
  describe(name, () => {
    beforeEach(() => {
      folder = Deno.makeTempDirSync({ prefix: "vkforge-lock-" });
      path = join(folder, "vkforge.lock.json");
    });
    afterEach(() => Deno.removeSync(folder, { recursive: true }));
    body();
  });
}
