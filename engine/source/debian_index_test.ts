import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { denoHost } from "../deno_host.ts";
import { digestOf } from "../digest.ts";
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import { answers, TestServer } from "./_testing.ts";
import { gpgvVerifier, loadDebianIndex, type SignatureVerifier } from "./debian_index.ts";

const DEBIAN = "https://deb.debian.org/debian";
const online = await answers(`${DEBIAN}/dists/bookworm/InRelease`);

/** A list with one package, zlib1g, packed by xz 5.4. */
const XZ =
  "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AEBAKNdACgYSGbb2jCF/hb2Dl6qszaQqfmTqxA1N9TLR4zDl4+oJeu2U7HC00GQ" +
  "+qaNAa9ojPG9RCELlojuGntOjOUsOPP+GMhIw2ogm0GLebZMKSRxHz7rkEwoO63qRE4hxtkB5DAq/f92yH69XFMlqtFd8ttx" +
  "1fULtaX7eqm4ChdUT1oxIOf870HhL2DvdC32xrGAeQrn9/3caCnO9RtUnoGLVcyNKIQAAE745if6nRDEAAG/AYICAAAT9n1R" +
  "scRn+wIAAAAABFla";

const PACKAGES = `Package: bubblewrap
Version: 0.8.0-2+deb12u1
Filename: pool/main/b/bubblewrap/bubblewrap_0.8.0-2+deb12u1_amd64.deb
Size: 47320
SHA256: ${"3".repeat(64)}
Description: sandbox
 Package: not-a-package

Package: bubblewrap
Version: 0.8.0-2
Filename: ./pool/main/b/bubblewrap/bubblewrap_0.8.0-2_amd64.deb
Size: 47000
SHA256: ${"2".repeat(64)}
`;

const SOURCES = `Package: pytorch
Binary: libtorch-dev, python3-torch
Version: 1.13.1+dfsg-4
Directory: pool/main/p/pytorch
Checksums-Sha1:
 ${"1".repeat(40)} 18331132 pytorch_1.13.1+dfsg.orig.tar.xz
Checksums-Sha256:
 ${"a".repeat(64)} 3388 pytorch_1.13.1+dfsg-4.dsc
 ${"b".repeat(64)} 18331132 pytorch_1.13.1+dfsg.orig.tar.xz
Testsuite: autopkgtest
`;

type Files = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

/** A server with an archive; `fields` are those of its Release file. */
function serveArchive(files: Files, fields: Record<string, string> = {}): TestServer {
  return new TestServer((request) => {
    const path = new URL(request.url).pathname.replace("/debian/dists/bookworm/", "");
    if (path === "InRelease") return new Response(inRelease(files, fields));
    const bytes = files[path] ??
      Object.values(files).find((bytes) => path.endsWith(`/by-hash/SHA256/${digestOf(bytes)}`));
    return bytes === undefined ? new Response(null, { status: 404 }) : new Response(bytes);
  });
}

/** Behind the signature stands what nobody has signed. */
function inRelease(files: Files, fields: Record<string, string>): string {
  const lines = Object.entries({ Suite: "oldstable", Codename: "bookworm", ...fields });
  const sums = Object.entries(files).map(([path, bytes]) => ` ${digestOf(bytes)} ${bytes.length} ${path}`);
  return [
    "-----BEGIN PGP SIGNED MESSAGE-----",
    "Hash: SHA256",
    "",
    ...lines.map(([name, value]) => `${name}: ${value}`),
    "SHA256:",
    ...sums,
    "-----BEGIN PGP SIGNATURE-----",
    "",
    "not one",
    "-----END PGP SIGNATURE-----",
    "SHA256:",
    ` ${"0".repeat(64)} 5 main/binary-amd64/Packages.xz`,
    "",
  ].join("\n");
}

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** Stands for TLS: what is asked of https://archive.test comes from the server on loopback. */
function hostOf(server: TestServer): Host {
  const host = denoHost();
  return { ...host, fetch: (url, init) => host.fetch(url.replace("https://archive.test", server.url), init) };
}

function archiveAt(url: string) {
  return { url, suite: "bookworm", components: ["main"], architecture: "amd64" };
}

async function failure(action: Promise<unknown>): Promise<EngineError> {
  const error = await action.then(() => undefined, (error) => error);
  expect(error).toBeInstanceOf(EngineError);
  return error;
}

describe("loadDebianIndex()", () => {
  const overTls = archiveAt("https://archive.test/debian/");

  it("gives all versions of a package, with path, digest and size", async () => {
    await using server = serveArchive({ "main/binary-amd64/Packages.gz": await gzip(PACKAGES) });
    const index = await loadDebianIndex(overTls, { host: hostOf(server) });
    expect(index.trust).toBe("https");
    expect(index.find("bubblewrap")).toEqual([
      {
        package: "bubblewrap",
        version: "0.8.0-2+deb12u1",
        path: "pool/main/b/bubblewrap/bubblewrap_0.8.0-2+deb12u1_amd64.deb",
        sha256: "3".repeat(64),
        sizeBytes: 47320,
      },
      {
        package: "bubblewrap",
        version: "0.8.0-2",
        path: "pool/main/b/bubblewrap/bubblewrap_0.8.0-2_amd64.deb",
        sha256: "2".repeat(64),
        sizeBytes: 47000,
      },
    ]);
    expect(index.find("not-a-package")).toEqual([]);
  });

  it("prefers xz, and asks by digest where the archive can", async () => {
    const xz = Uint8Array.from(atob(XZ), (character) => character.charCodeAt(0));
    const files = {
      "main/binary-amd64/Packages.xz": xz,
      "main/binary-amd64/Packages.gz": await gzip(PACKAGES),
    };
    await using server = serveArchive(files, { "Acquire-By-Hash": "yes" });
    const index = await loadDebianIndex(overTls, { host: hostOf(server) });
    expect(index.find("zlib1g")[0]?.version).toBe("1:1.2.13.dfsg-1");
    expect(new URL(server.requests[1]?.url ?? "").pathname).toBe(
      `/debian/dists/bookworm/main/binary-amd64/by-hash/SHA256/${digestOf(xz)}`,
    );
  });

  it("gives the files of source packages", async () => {
    await using server = serveArchive({ "main/source/Sources.gz": await gzip(SOURCES) });
    const index = await loadDebianIndex(overTls, { host: hostOf(server), of: "sources" });
    expect(index.find("pytorch").map(({ path, sha256 }) => [path, sha256[0]])).toEqual([
      ["pool/main/p/pytorch/pytorch_1.13.1+dfsg-4.dsc", "a"],
      ["pool/main/p/pytorch/pytorch_1.13.1+dfsg.orig.tar.xz", "b"],
    ]);
  });

  it("refuses a list that is not the one InRelease names", async () => {
    const right = await gzip(PACKAGES);
    const wrong = right.slice();
    wrong[wrong.length - 1] = (wrong[wrong.length - 1] ?? 0) ^ 1;
    const release = inRelease({ "main/binary-amd64/Packages.gz": right }, {});
    await using server = new TestServer((request) =>
      new Response(request.url.endsWith("InRelease") ? release : wrong)
    );
    const error = await failure(loadDebianIndex(overTls, { host: hostOf(server) }));
    expect(error.code).toBe("digest-mismatch");
    expect(error.message).toContain(`InRelease says ${digestOf(right)}`);
  });

  it("believes plain http only with a signature, and then only what is signed", async () => {
    await using server = serveArchive({ "main/binary-amd64/Packages.gz": await gzip(PACKAGES) });
    const archive = archiveAt(`${server.url}/debian`);
    const error = await failure(loadDebianIndex(archive, { host: denoHost() }));
    expect(error.message).toContain("nothing is there to check its signature");
    const verify: SignatureVerifier = (bytes) =>
      Promise.resolve(new TextDecoder().decode(bytes).split("\n\n")[1]?.split("-----")[0] ?? "");
    const index = await loadDebianIndex(archive, { host: denoHost(), verify });
    expect(index.trust).toBe("signature");
    expect(index.find("bubblewrap")).toHaveLength(2);
  });

  it("refuses the InRelease of another suite, and one that is too old", async () => {
    const files = { "main/binary-amd64/Packages.gz": await gzip(PACKAGES) };
    await using other = serveArchive(files, { Codename: "trixie" });
    const byOther = await failure(loadDebianIndex(overTls, { host: hostOf(other) }));
    expect(byOther.message).toContain('it is about "trixie"');
    await using old = serveArchive(files, { "Valid-Until": "Sat, 01 Jan 2022 00:00:00 UTC" });
    const byOld = await failure(loadDebianIndex(overTls, { host: hostOf(old) }));
    expect(byOld.message).toContain("it was valid until");
  });

  it("says what an archive lacks", async () => {
    await using server = serveArchive({});
    const error = await failure(loadDebianIndex(overTls, { host: hostOf(server) }));
    expect(error.message).toContain('it lists no "main/binary-amd64/Packages"');
  });
});

describe("gpgvVerifier()", () => {
  let folder: string;
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-gpgv-" });
  });
  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  const canVerify = online && gpgvVerifier(denoHost(), { folder: "/" }) !== undefined;

  it.skipIf(!canVerify)("passes what Debian signed and nothing else", async () => {
    const verify = gpgvVerifier(denoHost(), { folder });
    const response = await fetch(`${DEBIAN}/dists/bookworm/InRelease`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = await verify?.(bytes);
    expect(text).toContain("Codename: bookworm");
    expect(text).not.toContain("PGP");
    const tampered = new TextDecoder().decode(bytes).replace("Codename: bookworm", "Codename: bookwurm");
    const error = await failure(verify?.(new TextEncoder().encode(tampered)) ?? Promise.resolve());
    expect(error.code).toBe("digest-mismatch");
    expect([...Deno.readDirSync(folder)]).toEqual([]);
  });

  it("is not there without gpgv", () => {
    const host = { ...denoHost(), env: { get: () => "/no/such/folder" } };
    expect(gpgvVerifier(host, { folder })).toBe(undefined);
  });
});
