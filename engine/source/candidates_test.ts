import { describe, expect, it } from "vitest";
import type { LockedSource } from "../lock/lock_file.ts";
import { candidates, fileNameOf, packageSource, type SourceConfig } from "./candidates.ts";

const SHA256 = "a".repeat(64);

const ARCHIVES = {
  bookworm: {
    url: "https://deb.debian.org/debian/",
    snapshot: "https://snapshot.debian.org/archive/debian/20250520T000000Z",
    suite: "bookworm",
    components: ["main"],
    architecture: "amd64",
  },
};

function urlsOf(source: LockedSource, config: Partial<SourceConfig> = {}): string[] {
  return candidates(source, { archives: ARCHIVES, ...config });
}

describe("candidates()", () => {
  it("gives a URL and its mirrors in order", () => {
    const source: LockedSource = {
      kind: "https",
      url: "https://a.test/x.zip",
      mirrors: ["https://b.test/x.zip"],
    };
    expect(urlsOf(source)).toEqual(["https://a.test/x.zip", "https://b.test/x.zip"]);
  });

  it("knows where npm keeps plain and scoped packages", () => {
    expect(urlsOf({ kind: "npm", package: "once", version: "1.4.0" })).toEqual([
      "https://registry.npmjs.org/once/-/once-1.4.0.tgz",
    ]);
    expect(urlsOf({ kind: "npm", package: "@sparticuz/chromium", version: "153.0.0" })).toEqual([
      "https://registry.npmjs.org/@sparticuz/chromium/-/chromium-153.0.0.tgz",
    ]);
  });

  it("knows where Maven keeps a file, with classifier and extension", () => {
    const base = "https://repo.maven.apache.org/maven2/org/pytorch/pytorch_android/1.13.1";
    const file = (coordinates: string) => urlsOf({ kind: "maven", coordinates })[0];
    expect(file("org.pytorch:pytorch_android:1.13.1")).toBe(`${base}/pytorch_android-1.13.1.jar`);
    expect(file("org.pytorch:pytorch_android:1.13.1@aar")).toBe(`${base}/pytorch_android-1.13.1.aar`);
    expect(file("org.pytorch:pytorch_android:1.13.1:sources")).toBe(
      `${base}/pytorch_android-1.13.1-sources.jar`,
    );
  });

  it("looks for a Debian package on the archive, then on the snapshot archive", () => {
    const source: LockedSource = {
      kind: "debian",
      archive: "bookworm",
      package: "libstdc++6",
      version: "12.2.0-14+deb12u1",
      path: "pool/main/g/gcc-12/libstdc++6_12.2.0-14+deb12u1_amd64.deb",
    };
    expect(urlsOf(source)).toEqual([
      "https://deb.debian.org/debian/pool/main/g/gcc-12/libstdc++6_12.2.0-14+deb12u1_amd64.deb",
      "https://snapshot.debian.org/archive/debian/20250520T000000Z/pool/main/g/gcc-12/libstdc++6_12.2.0-14+deb12u1_amd64.deb",
    ]);
    expect(() => candidates(source, { archives: {} })).toThrow('the lock has no archive "bookworm"');
  });

  it("takes a PyPI file from where the index said, or from the host that stands in for PyPI's", () => {
    const source: LockedSource = {
      kind: "pypi",
      package: "six",
      version: "1.17.0",
      file: "six.whl",
      url: "https://files.pythonhosted.org/packages/b7/six.whl",
    };
    expect(urlsOf(source)).toEqual([source.url]);
    expect(urlsOf(source, { pypiFiles: "https://mirror.test/pypi/" })).toEqual([
      "https://mirror.test/pypi/packages/b7/six.whl",
    ]);
  });

  it("puts the user's mirrors first, by file name and by SHA-256", () => {
    const source: LockedSource = { kind: "https", url: "https://a.test/x%20y.zip", sha256: SHA256 };
    expect(urlsOf(source, { mirrors: ["/srv/mir ror", "https://m.test/base/?token=t"] })).toEqual([
      "file:///srv/mir%20ror/x%20y.zip",
      `file:///srv/mir%20ror/${SHA256}`,
      "https://m.test/base/x%20y.zip?token=t",
      `https://m.test/base/${SHA256}?token=t`,
      "https://a.test/x%20y.zip",
    ]);
  });

  it("does not take a git archive from elsewhere unless it can be told from others", () => {
    const source = {
      kind: "git",
      url: "https://a.test/vk.git",
      commit: "c".repeat(40),
      submodules: false,
    } as const;
    expect(urlsOf(source, { mirrors: ["/srv"] })).toEqual([]);
    expect(urlsOf({ ...source, sha256: SHA256 }, { mirrors: ["/srv"] })[0]).toBe(
      `file:///srv/vk-${"c".repeat(40)}.tar`,
    );
  });

  it("refuses what is no place for files", () => {
    for (const mirror of ["relative/folder", "ftp://a.test/", "javascript:alert(1)"]) {
      expect(() => urlsOf({ kind: "npm", package: "a", version: "1" }, { mirrors: [mirror] })).toThrow(
        "Unknown mirror",
      );
    }
  });
});

describe("fileNameOf()", () => {
  it("never leaves a folder", () => {
    const names = [
      "https://a.test/",
      "https://a.test/x%2F..%2F..%2Fetc",
      "https://a.test/%2E%2E",
      "https://a.test/%00",
      "https://a.test/%E0",
    ]
      .map((url) => fileNameOf({ kind: "https", url }));
    expect(names).toEqual(["download", "x_.._.._etc", "download", "_", "%E0"]);
  });
});

describe("packageSource()", () => {
  it("keeps what the packages lock says", () => {
    const locked = {
      name: "a",
      version: "1",
      archive: "bookworm",
      path: "pool/a.deb",
      sha256: SHA256,
      sizeBytes: 5,
    };
    expect(packageSource(locked)).toEqual({
      kind: "debian",
      package: "a",
      version: "1",
      archive: "bookworm",
      path: "pool/a.deb",
      sha256: SHA256,
      sizeBytes: 5,
    });
  });
});
