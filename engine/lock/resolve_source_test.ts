import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../digest.ts";
import {
  answers,
  FolderStore,
  impatientHost,
  serveBytes,
  someBytes,
  TestServer,
} from "../source/_testing.ts";
import { Fetcher } from "../source/mod.ts";
import { type LockedSource, resolveSource, type ResolveSourceOptions, type SourceRequest } from "./mod.ts";

const BYTES = someBytes(5000);
const SHA512 = createHash("sha512").update(BYTES).digest();
const SHA1 = createHash("sha1").update(BYTES).digest("hex");
const onlineNpm = await answers("https://registry.npmjs.org/once/-/once-1.4.0.tgz");
const onlineDebian = await answers("https://deb.debian.org/debian/dists/bookworm/InRelease");

let store: FolderStore;

/** A server that answers some paths with text or bytes and the rest with 404. */
function serve(files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>): TestServer {
  return new TestServer((request) => {
    const found = files[decodeURIComponent(new URL(request.url).pathname)];
    if (found === undefined) return new Response(null, { status: 404 });
    return typeof found === "string" ? new Response(found) : serveBytes(request, found);
  });
}

function resolve(request: SourceRequest, options: Partial<ResolveSourceOptions> = {}): Promise<LockedSource> {
  const host = impatientHost();
  const config = { host, archives: {}, ...options };
  return resolveSource("it", request, {
    ...config,
    fetcher: new Fetcher({ ...config, store }),
    folder: store.root,
  });
}

describe("resolveSource()", () => {
  beforeEach(() => {
    store = new FolderStore();
  });
  afterEach(() => store[Symbol.dispose]());

  const learned = { sha256: digestOf(BYTES), sizeBytes: BYTES.length };

  it("learns the digest and size of a file by downloading it", async () => {
    await using server = serve({ "/x.zip": BYTES });
    const request = { kind: "https", url: `${server.url}/x.zip`, mirrors: ["https://m.test/x.zip"] } as const;
    expect(await resolve(request)).toEqual({ ...request, ...learned });
    expect(store.has(learned.sha256)).toBe(true);
  });

  it("holds a file to what its publisher says of it, and keeps that", async () => {
    await using server = serve({ "/ndk.zip": BYTES });
    const request = { kind: "https", url: `${server.url}/ndk.zip`, sha1: SHA1 } as const;
    const pin = await resolve(request);
    expect(pin).toEqual({ ...request, ...learned });
    expect(await resolve(pin as SourceRequest)).toEqual(pin);
    await expect(resolve({ ...request, sha1: "0".repeat(40) })).rejects.toMatchObject({
      code: "digest-mismatch",
      message: `Cannot fetch "it": sha1 is ${SHA1}, the lock says ${"0".repeat(40)}`,
    });
  });

  it("holds an npm package to the integrity that the registry states", async () => {
    const metadata = (integrity: string) =>
      JSON.stringify({ version: "1.2.3", dist: { integrity, shasum: SHA1 } });
    const right = `sha512-${SHA512.toString("base64")}`;
    await using server = serve({ "/@a/b/latest": metadata(right), "/@a/b/-/b-1.2.3.tgz": BYTES });
    const pin = await resolve({ kind: "npm", package: "@a/b" }, { npmRegistry: server.url });
    expect(pin).toEqual({
      kind: "npm",
      package: "@a/b",
      version: "1.2.3",
      sha512: SHA512.toString("hex"),
      ...learned,
    });
    // A pin can be made anew from itself.
    await using same = serve({ "/@a/b/1.2.3": metadata(right), "/@a/b/-/b-1.2.3.tgz": BYTES });
    expect(await resolve(pin as SourceRequest, { npmRegistry: same.url })).toEqual(pin);
    const wrong = `sha512-${btoa("x".repeat(64))}`;
    await using tampered = serve({ "/@a/b/latest": metadata(wrong), "/@a/b/-/b-1.2.3.tgz": BYTES });
    await expect(resolve({ kind: "npm", package: "@a/b" }, { npmRegistry: tampered.url })).rejects
      .toMatchObject({
        code: "digest-mismatch",
      });
  });

  it("takes what PyPI says of a file, and wants to know which", async () => {
    const file = (filename: string) => ({
      filename,
      url: `https://files.test/${filename}`,
      size: 5,
      digests: { sha256: "a".repeat(64) },
    });
    const releases = {
      "1.0": [file("six-1.0.tar.gz")],
      "2.0": [file("six-2.0-py3-none-any.whl"), file("six-2.0.tar.gz")],
    };
    await using server = serve({ "/pypi/six/json": JSON.stringify({ info: { version: "2.0" }, releases }) });
    const options = { pypiIndex: server.url };
    expect(await resolve({ kind: "pypi", package: "six", file: ".whl" }, options)).toEqual({
      kind: "pypi",
      package: "six",
      version: "2.0",
      file: "six-2.0-py3-none-any.whl",
      url: "https://files.test/six-2.0-py3-none-any.whl",
      sha256: "a".repeat(64),
      sizeBytes: 5,
    });
    expect(await resolve({ kind: "pypi", package: "six", version: "1.0" }, options)).toMatchObject({
      version: "1.0",
    });
    await expect(resolve({ kind: "pypi", package: "six" }, options)).rejects.toMatchObject({
      message: 'Cannot pin "it": "six" 2.0 has more than one file',
      detail: ["six-2.0-py3-none-any.whl", "six-2.0.tar.gz"],
    });
    await expect(resolve({ kind: "pypi", package: "six", version: "3.0" }, options)).rejects.toMatchObject({
      code: "source-gone",
      message: 'Cannot pin "it": "six" 3.0 has no file',
    });
  });

  it("holds a Maven file to the SHA-1 beside it", async () => {
    const path = "/org/a/b/1.0/b-1.0.aar";
    await using server = serve({ [`${path}.sha1`]: `${SHA1}  b-1.0.aar\n`, [path]: BYTES });
    expect(await resolve({ kind: "maven", coordinates: "org.a:b:1.0@aar" }, { mavenRepository: server.url }))
      .toEqual({
        kind: "maven",
        coordinates: "org.a:b:1.0@aar",
        sha1: SHA1,
        ...learned,
      });
    await using tampered = serve({ [`${path}.sha1`]: "0".repeat(40), [path]: BYTES });
    await expect(
      resolve({ kind: "maven", coordinates: "org.a:b:1.0@aar" }, { mavenRepository: tampered.url }),
    )
      .rejects.toMatchObject({ code: "digest-mismatch" });
  });

  it("takes the newest version of a Debian package, or the one asked for", async () => {
    const list = ["1.0-9", "1.0-10"].map((version) =>
      `Package: a\nVersion: ${version}\nFilename: pool/main/a_${version}.deb\nSize: 5\nSHA256: ${
        "1".repeat(64)
      }\n`
    ).join("\n");
    const packed = new Uint8Array(
      await new Response(new Blob([list]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
    );
    const release = `Suite: s\nSHA256:\n ${
      digestOf(packed)
    } ${packed.length} main/binary-amd64/Packages.gz\n`;
    await using server = serve({
      "/dists/s/InRelease": release,
      "/dists/s/main/binary-amd64/Packages.gz": packed,
    });
    const options = {
      archives: { d: { url: server.url, suite: "s", components: ["main"], architecture: "amd64" } },
      verify: (bytes: Uint8Array) => Promise.resolve(new TextDecoder().decode(bytes)),
    };
    const request = { kind: "debian", archive: "d", package: "a" } as const;
    expect(await resolve(request, options)).toEqual({
      ...request,
      version: "1.0-10",
      path: "pool/main/a_1.0-10.deb",
      sha256: "1".repeat(64),
      sizeBytes: 5,
    });
    expect(await resolve({ ...request, version: "1.0-9" }, options)).toMatchObject({ version: "1.0-9" });
    await expect(resolve({ ...request, version: "2" }, options)).rejects.toMatchObject({
      code: "source-gone",
      hint: "The archive has 1.0-9, 1.0-10",
    });
  });

  it("tells a login page from metadata", async () => {
    await using server = serve({ "/a/latest": "<html>", "/b/latest": "{}" });
    for (const name of ["a", "b"]) {
      await expect(resolve({ kind: "npm", package: name }, { npmRegistry: server.url })).rejects
        .toMatchObject({
          code: "source-unavailable",
        });
    }
  });

  it.skipIf(!onlineNpm)("pins a package of the public npm registry", async () => {
    expect(await resolve({ kind: "npm", package: "once", version: "1.4.0" })).toEqual({
      kind: "npm",
      package: "once",
      version: "1.4.0",
      sha512:
        "94d689808fb643951140191c7042874d038f697754c67659125413658d0c15402e684a9ed44f8dcaf81dcff688c8d8ba67d3333b976fd47f27e7cfc610ba77fb",
      sha256: "cf51460ba370c698f68b976e514d113497339ba018b6003e8e8eb569c6fccfcf",
      sizeBytes: 1979,
    });
  });

  it.skipIf(!onlineDebian)("pins a file of a Debian source package", async () => {
    const request = {
      kind: "debian",
      archive: "bookworm",
      package: "pytorch",
      path: "pool/main/p/pytorch/pytorch_1.13.1+dfsg.orig.tar.xz",
    } as const;
    const archive = {
      url: "https://deb.debian.org/debian",
      suite: "bookworm",
      components: ["main"],
      architecture: "amd64",
    };
    expect(await resolve(request, { archives: { bookworm: archive } })).toMatchObject({
      ...request,
      sha256: "d0355588b8528566d477e6ebf1b4d9d036a6fd75711339f66b27472ce5879dc7",
      sizeBytes: 18331132,
    });
  });
});
