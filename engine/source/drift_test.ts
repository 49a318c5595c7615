import { describe, expect, it } from "vitest";
import { denoHost } from "../deno_host.ts";
import { digestOf } from "../digest.ts";
import type { Event } from "../event.ts";
import type { LockedPackage } from "../lock/lock_file.ts";
import { TestServer } from "./_testing.ts";
import type { DebianIndex, DebianIndexEntry } from "./debian_index.ts";
import { DriftResolver, fileRole, nearestVersion, resolveDrift } from "./drift.ts";

function entry(version: string, path = `pool/main/a/a/a_${version}_amd64.deb`): DebianIndexEntry {
  return { package: "a", version, path, sha256: digestOf(path), sizeBytes: 10 };
}

function indexOf(...entries: DebianIndexEntry[]): DebianIndex {
  return { trust: "signature", find: (name) => entries.filter((one) => one.package === name) };
}

const LOCKED: LockedPackage = {
  name: "a",
  version: "1.0-2",
  archive: "bookworm",
  path: "pool/main/a/a/a_1.0-2_amd64.deb",
  sha256: "f".repeat(64),
  sizeBytes: 9,
};

describe("nearestVersion()", () => {
  const nearest = (wanted: string, ...versions: string[]) =>
    nearestVersion(versions.map((one) => entry(one)), wanted)?.version;

  it("takes the smallest version that is not older", () => {
    expect(nearest("1.0-2", "2.0-1", "1.0-2+deb12u2", "1.0-2+deb12u1", "1.0-1")).toBe("1.0-2+deb12u1");
    expect(nearest("1.0-2", "1.0-3", "1.0-2")).toBe("1.0-2");
  });

  it("takes the largest of the older ones where there is no newer", () => {
    expect(nearest("1.0-2", "0.9-1", "1.0-1", "1.0-2~bpo11+1")).toBe("1.0-2~bpo11+1");
  });

  it("gives nothing for nothing", () => {
    expect(nearest("1.0-2")).toBe(undefined);
  });
});

describe("resolveDrift()", () => {
  it("gives a new pin in the old one's form, and a record of it", () => {
    const found = entry("1.0-2+deb12u1");
    const { locked, drift } = resolveDrift(LOCKED, indexOf(found));
    expect(locked).toEqual({
      ...LOCKED,
      version: found.version,
      path: found.path,
      sha256: found.sha256,
      sizeBytes: 10,
    });
    expect(drift).toEqual({
      source: "a",
      lockedVersion: "1.0-2",
      usedVersion: "1.0-2+deb12u1",
      lockedSha256: LOCKED.sha256,
      usedSha256: found.sha256,
      reason:
        "1.0-2 is neither in the archive nor in the snapshot archive; 1.0-2+deb12u1 is the nearest that the archive has " +
        "(its index is signed by Debian)",
    });
  });

  it("drops checksums and mirrors that belong to the old version", () => {
    const { locked } = resolveDrift(
      {
        kind: "debian",
        archive: "bookworm",
        package: "a",
        version: "1.0-2",
        path: LOCKED.path,
        sha512: "0".repeat(128),
        mirrors: ["https://a.test/x"],
      },
      indexOf(entry("1.0-3")),
    );
    expect(locked).not.toHaveProperty("sha512");
    expect(locked).not.toHaveProperty("mirrors");
    expect(locked).toMatchObject({ kind: "debian", package: "a", version: "1.0-3" });
  });

  it("takes a file of the same role for a source package", () => {
    const files = ["a_1.1-1.dsc", "a_1.1.orig.tar.xz", "a_1.1.orig-x.tar.xz", "a_1.1-1.debian.tar.xz"]
      .map((file) => entry("1.1-1", `pool/main/a/a/${file}`));
    const locked = { ...LOCKED, path: "pool/main/a/a/a_1.0.orig.tar.xz" };
    expect(resolveDrift(locked, indexOf(...files)).locked.path).toBe("pool/main/a/a/a_1.1.orig.tar.xz");
  });

  it("fails where the archive has no version at all", () => {
    expect(() => resolveDrift(LOCKED, indexOf())).toThrow(
      'Cannot replace "a" 1.0-2: the archive "bookworm" has no version',
    );
  });

  it("does not take other bytes for the same version", () => {
    const other = { ...entry("1.0-2"), sha256: "e".repeat(64) };
    expect(() => resolveDrift(LOCKED, indexOf(other))).toThrow("the lock says ffff");
  });

  it("does not call a version drift that the archive still lists", () => {
    const same = { ...entry("1.0-2"), sha256: LOCKED.sha256 };
    expect(() => resolveDrift(LOCKED, indexOf(same))).toThrow("the archive lists it but does not give it");
  });
});

describe("fileRole()", () => {
  it.each([
    ["a_1.0-1_amd64.deb", ".deb"],
    ["a_1.0+dfsg.orig.tar.xz", ".orig.tar.xz"],
    ["a_1.0.orig-third-party.tar.gz", ".orig-third-party.tar.gz"],
    ["a_1.0-1.debian.tar.xz", ".debian.tar.xz"],
    ["a_1.0-1.dsc", ".dsc"],
    ["a_1.0.tar.xz", ".tar.xz"],
  ])("of %s", (file, role) => {
    expect(fileRole(`pool/main/a/a.b/${file}`)).toBe(role);
  });
});

describe("DriftResolver.resolve()", () => {
  it("reads an index once and tells each drift", async () => {
    const list = ["a", "b"].map((name) =>
      `Package: ${name}\nVersion: 2\nFilename: pool/main/${name}.deb\nSize: 5\nSHA256: ${"1".repeat(64)}\n`
    ).join("\n");
    const stream = new Blob([list]).stream().pipeThrough(new CompressionStream("gzip"));
    const packed = new Uint8Array(await new Response(stream).arrayBuffer());
    const release = `Suite: bookworm\nSHA256:\n ${
      digestOf(packed)
    } ${packed.length} main/binary-amd64/Packages.gz\n`;
    await using server = new TestServer((request) =>
      new Response(request.url.endsWith("InRelease") ? release : packed)
    );
    const events: Event[] = [];
    const resolver = new DriftResolver({
      host: denoHost(),
      archives: {
        bookworm: { url: server.url, suite: "bookworm", components: ["main"], architecture: "amd64" },
      },
      emit: (event) => events.push(event),
      verify: (bytes) => Promise.resolve(new TextDecoder().decode(bytes)),
    });
    const [a, b] = await Promise.all([resolver.resolve(LOCKED), resolver.resolve({ ...LOCKED, name: "b" })]);
    expect([a.locked.path, b.locked.path]).toEqual(["pool/main/a.deb", "pool/main/b.deb"]);
    expect(server.requests).toHaveLength(2);
    expect(events.map((event) => event.type === "drift" && event.drift.source)).toEqual(["a", "b"]);
  });
});
