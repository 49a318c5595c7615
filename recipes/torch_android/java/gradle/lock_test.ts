import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../../../engine/deno_host.ts";
import { GRADLE_LOCK, gradleInput, readGradleLock, repositoryOf, urlOf } from "./lock.ts";

const host = denoHost();
const path = join(import.meta.dirname ?? ".", GRADLE_LOCK);
const lock = readGradleLock(host, path);

/** The lock with a change, in a file of its own. */
function changed(change: (document: Record<string, unknown>) => void): string {
  const document = JSON.parse(Deno.readTextFileSync(path));
  change(document);
  const file = Deno.makeTempFileSync({ suffix: ".json" });
  Deno.writeTextFileSync(file, JSON.stringify(document));
  return file;
}

describe("gradle.lock.json", () => {
  it("has the Android plug-in and what both modules need", () => {
    const paths = lock.files.map((file) => file.path);
    for (
      const name of [
        "gradle/4.1.2/gradle-4.1.2.jar",
        "fbjni-java-only-0.2.2.module",
        "nativeloader-0.10.4.jar",
      ]
    ) {
      expect(paths.some((one) => one.endsWith(name))).toBe(true);
    }
  });

  it("names each file once, at the repository of its group", () => {
    expect(new Set(lock.files.map((file) => file.path)).size).toBe(lock.files.length);
    for (const { path, repository } of lock.files) {
      expect(repository).toBe(repositoryOf(path.replaceAll("/", ".")));
    }
  });

  it("has a POM for every jar", () => {
    const paths = new Set(lock.files.map((file) => file.path));
    for (const one of paths) {
      if (one.endsWith(".jar")) expect(paths).toContain(one.replace(/\.jar$/, ".pom"));
    }
  });
});

describe("readGradleLock()", () => {
  it("refuses a lock made for other modules", () => {
    const file = changed((document) => {
      document["requested"] = [];
    });
    expect(() => readGradleLock(host, file)).toThrow(expect.objectContaining({ code: "lock-stale" }));
  });

  it("refuses a path that leaves the repository", () => {
    const file = changed((document) => {
      const [first] = document["files"] as { path: string }[];
      if (first !== undefined) first.path = "org/../../../etc/passwd";
    });
    expect(() => readGradleLock(host, file)).toThrow(expect.objectContaining({ code: "lock-malformed" }));
  });

  it("says how to make a lock that is missing", () => {
    expect(() => readGradleLock(host, "/nowhere/gradle.lock.json")).toThrow(
      expect.objectContaining({
        code: "lock-missing",
        hint: expect.stringContaining("deno task lock gradle-dependencies"),
      }),
    );
  });
});

describe("urlOf()", () => {
  it("names the publisher, or who stands in for it", () => {
    const file = { repository: "google", path: "a/b.jar" } as const;
    expect(urlOf(file)).toBe("https://dl.google.com/dl/android/maven2/a/b.jar");
    expect(urlOf(file, { google: "https://proxy.example/maven/" })).toBe(
      "https://proxy.example/maven/a/b.jar",
    );
  });
});

describe("gradleInput()", () => {
  it("pins by SHA-256 and keeps the file's name", () => {
    const [file] = lock.files;
    if (file === undefined) throw new Error("empty");
    expect(gradleInput(file)).toMatchObject({
      kind: "source",
      fileName: file.path.split("/").at(-1),
      source: { sha256: file.sha256 },
    });
  });
});
