import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { denoHost } from "../deno_host.ts";
import { EngineError, exitCodeOf } from "../error.ts";
import { readLockFile, readPackagesLock } from "./mod.ts";

const LOCK = {
  schema: 1,
  archives: {
    bookworm: {
      url: "https://deb.debian.org/debian",
      suite: "bookworm",
      components: ["main"],
      architecture: "amd64",
    },
  },
  sources: {
    ndk: { kind: "https", url: "https://a.test/ndk.zip", sha256: "a".repeat(64), sizeBytes: 5 },
    swiftshader: { kind: "npm", package: "@sparticuz/chromium", version: "153.0.0", sha512: "b".repeat(128) },
    six: {
      kind: "pypi",
      package: "six",
      version: "1",
      file: "six.whl",
      url: "https://a.test/six.whl",
      sha256: "a".repeat(64),
    },
    soloader: {
      kind: "maven",
      coordinates: "com.facebook.soloader:soloader:0.10.5@aar",
      sha1: "c".repeat(40),
    },
    torch: {
      kind: "debian",
      archive: "bookworm",
      package: "pytorch",
      version: "1.13.1+dfsg-4",
      path: "pool/main/p/pytorch/pytorch_1.13.1+dfsg.orig.tar.xz",
      sha256: "a".repeat(64),
    },
    upstream: { kind: "git", url: "https://a.test/pytorch.git", commit: "d".repeat(40), submodules: true },
    weights: { kind: "https", url: "https://a.test/w-7ebf99e0.pth", sha256Prefix: "7ebf99e0" },
  },
};

const PACKAGES = {
  schema: 1,
  requested: { bookworm: ["bubblewrap"] },
  packages: [
    {
      name: "a",
      version: "1",
      archive: "bookworm",
      path: "pool/a.deb",
      sha256: "a".repeat(64),
      sizeBytes: 5,
    },
  ],
};

let folder: string;

function write(content: unknown): string {
  const path = join(folder, "vkforge.lock.json");
  Deno.writeTextFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

async function failure(action: Promise<unknown>): Promise<EngineError> {
  const error = await action.then(() => undefined, (error) => error);
  expect(error).toBeInstanceOf(EngineError);
  return error;
}

/** The reason for which a lock with one source is refused. */
async function reasonFor(source: Record<string, unknown>): Promise<string> {
  const path = write({ ...LOCK, sources: { x: source } });
  const error = await failure(readLockFile(denoHost(), path));
  expect(error.code).toBe("lock-malformed");
  return error.message.replace(`Cannot read the lock file "${path}": `, "");
}

describe("readLockFile()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-lock-" });
  });
  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("reads sources of all kinds", async () => {
    expect(await readLockFile(denoHost(), write(LOCK))).toEqual(LOCK);
  });

  it("says that there is no lock file", async () => {
    const error = await failure(readLockFile(denoHost(), join(folder, "none.json")));
    expect(error.code).toBe("lock-missing");
    expect(exitCodeOf(error)).toBe(3);
    // No command could make it: it says where everything comes from.
    expect(error.hint).toBe("Restore it from version control");
    const packages = await failure(readPackagesLock(denoHost(), join(folder, "none.json")));
    expect(packages.hint).toContain("deno task lock");
  });

  it("says that a file is not JSON, and why where a merge is to blame", async () => {
    expect((await failure(readLockFile(denoHost(), write("{")))).message).toMatch(/: it is not JSON$/);
    const conflict = '{\n<<<<<<< ours\n  "schema": 1\n=======\n';
    expect((await failure(readLockFile(denoHost(), write(conflict)))).message).toContain("conflict markers");
  });

  it("refuses another schema by its number", async () => {
    const error = await failure(readLockFile(denoHost(), write({ ...LOCK, schema: 2, future: true })));
    expect(error.code).toBe("lock-malformed");
    expect(error.message).toMatch(/it has schema 2, this version knows schema 1$/);
  });

  it("names the member that is wrong, what it is and what it should be", async () => {
    const https = { kind: "https", url: "https://a.test/x", sha256: "a".repeat(64) };
    expect(await reasonFor({ ...https, sha256: "xyz" })).toBe(
      'sources.x.sha256 is "xyz", expected 64 hex digits',
    );
    expect(await reasonFor({ ...https, url: undefined })).toBe("sources.x.url is missing, expected a string");
    expect(await reasonFor({ ...https, url: "javascript:alert(1)" })).toBe(
      'sources.x.url is "javascript:alert(1)", expected an http, https or file URL',
    );
    expect(await reasonFor({ ...https, sizeBytes: -1 })).toBe(
      "sources.x.sizeBytes is -1, expected more than 0",
    );
    expect(await reasonFor({ ...https, sizeBytes: "5" })).toBe(
      'sources.x.sizeBytes is "5", expected a number',
    );
    expect(await reasonFor({ ...https, sha265: "typo" })).toBe('sources.x has the unknown member "sha265"');
    expect(await reasonFor({ kind: "https", url: "https://a.test/x" })).toBe("sources.x needs a checksum");
    expect(await reasonFor({ ...https, kind: "ftp" })).toBe(
      'sources.x.kind is "ftp", expected "https", "npm", "pypi", "maven", "debian" or "git"',
    );
    expect(await reasonFor({ url: "https://a.test/x" })).toBe(
      'sources.x.kind is missing, expected "https", "npm", "pypi", "maven", "debian" or "git"',
    );
    expect(await reasonFor({ kind: "git", url: "ext::sh", commit: "d".repeat(40) })).toContain(
      "expected an http, https, ssh",
    );
    expect(await reasonFor({ kind: "maven", coordinates: "x", sha1: "c".repeat(40) })).toContain(
      "expected group:artifact",
    );
    expect(await reasonFor({ kind: "npm", package: "", version: "1", sha1: "c".repeat(40) })).toBe(
      'sources.x.package is "", expected it not to be empty',
    );
  });

  it("refuses a path that leaves the archive's pool", async () => {
    for (const path of ["pool/../../etc/passwd", "pool/..", "/etc/passwd", "dists/x"]) {
      const reason = await reasonFor({
        kind: "debian",
        archive: "b",
        package: "x",
        version: "1",
        path,
        sha1: "c".repeat(40),
      });
      expect(reason).toContain("expected a path below pool/");
    }
  });

  it("refuses what is no object", async () => {
    for (const content of ["[]", "null", '"text"', "5"]) {
      expect((await failure(readLockFile(denoHost(), write(content)))).message).toContain("the file is");
    }
  });
});

describe("readPackagesLock()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-lock-" });
  });
  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("reads the packages in their order", async () => {
    expect(await readPackagesLock(denoHost(), write(PACKAGES))).toEqual(PACKAGES);
  });

  it("wants a SHA-256 and a size of every package", async () => {
    const [first] = PACKAGES.packages;
    const path = write({ ...PACKAGES, packages: [first, { ...first, sha256: undefined }] });
    const error = await failure(readPackagesLock(denoHost(), path));
    expect(error.message).toContain("packages.1.sha256 is missing");
  });
});
