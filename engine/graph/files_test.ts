import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dirname, join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { digestOf } from "../digest.ts";
import type { EngineError } from "../error.ts";
import { hashFile, readFiles } from "./files.ts";

const host = denoHost();
let repository: string;

function write(path: string, text = path): void {
  const absolute = join(repository, "src", path);
  Deno.mkdirSync(dirname(absolute), { recursive: true });
  Deno.writeTextFileSync(absolute, text);
}

function paths(...only: string[]): string[] {
  return readFiles(host, repository, { folder: "src", ...(only.length > 0 ? { only } : {}) }).map((
    { path },
  ) => path);
}

function failure(): EngineError {
  try {
    paths();
  } catch (error) {
    return error as EngineError;
  }
  throw new Error("it did not fail");
}

describe("readFiles()", () => {
  beforeEach(() => {
    repository = Deno.makeTempDirSync({ prefix: "vkforge-files-" });
  });

  afterEach(() => Deno.removeSync(repository, { recursive: true }));

  it("gives digests, sizes and executable bits, sorted by path", () => {
    write("b/x", "12345");
    write("a");
    write("a.b");
    Deno.chmodSync(join(repository, "src", "a"), 0o755);
    expect(readFiles(host, repository, { folder: "src" })).toEqual([
      { kind: "file", path: "a", digest: digestOf("a"), sizeBytes: 1, executable: true },
      { kind: "file", path: "a.b", digest: digestOf("a.b"), sizeBytes: 3, executable: false },
      { kind: "file", path: "b/x", digest: digestOf("12345"), sizeBytes: 5, executable: false },
    ]);
  });

  it("leaves out what tools and editors leave behind, at any depth", () => {
    for (
      const path of [
        ".git/config",
        "deep/.git/config",
        "node_modules/x/y",
        "__pycache__/a.pyc",
        "b.pyc",
        ".a.swp",
        "a~",
        ".DS_Store",
        ".ruff_cache/x",
        ".mypy_cache/x",
      ]
    ) write(path);
    write("kept");
    write("deep/.gitignore");
    write("a~b");
    expect(paths()).toEqual(["a~b", "deep/.gitignore", "kept"]);
  });

  it("narrows to paths that start with one of the given", () => {
    for (const path of ["a.ts", "lib/one.ts", "lib/two/x.ts", "library.ts", "other/lib/y.ts"]) write(path);
    expect(paths("lib/")).toEqual(["lib/one.ts", "lib/two/x.ts"]);
    expect(paths("lib/two/x.ts", "a.ts")).toEqual(["a.ts", "lib/two/x.ts"]);
    expect(paths("lib")).toEqual(["lib/one.ts", "lib/two/x.ts", "library.ts"]);
  });

  it("does not look into folders that the choice leaves out", () => {
    write("a");
    Deno.mkdirSync(join(repository, "src", "other"));
    Deno.symlinkSync("/etc", join(repository, "src", "other", "link"));
    expect(paths("a")).toEqual(["a"]);
  });

  it("refuses links, and says which", () => {
    write("deep/file");
    Deno.symlinkSync("file", join(repository, "src", "deep", "link"));
    const error = failure();
    expect([error.code, error.message]).toEqual([
      "usage",
      'Cannot use "deep/link" as an input: it is a symbolic link',
    ]);
  });

  it("refuses pipes instead of waiting for them", () => {
    Deno.mkdirSync(join(repository, "src"));
    new Deno.Command("mkfifo", { args: [join(repository, "src", "pipe")] }).outputSync();
    expect(failure().message).toContain('Cannot use "pipe" as an input: it is a pipe');
  });

  it("names a folder that is missing or no folder", () => {
    const error = failure();
    expect([error.code, error.message, error.hint]).toEqual([
      "usage",
      'Cannot find the folder "src", which a step reads',
      "Check that the checkout is complete",
    ]);
    Deno.writeTextFileSync(join(repository, "src"), "");
    expect(failure().code).toBe("usage");
  });

  it("refuses a choice of nothing", () => {
    write("a");
    expect(() => paths("b")).toThrow("has none of the files");
  });

  it("reads names with spaces, newlines and of other languages", () => {
    const names = [" a", "two\nlines", "ü", "\u{1f600}"];
    for (const name of names) write(name);
    expect(paths()).toEqual(names);
  });
});

describe("hashFile()", () => {
  it("gives the digest and size of an empty file too", () => {
    const path = Deno.makeTempFileSync();
    expect(hashFile(host, path)).toEqual({ digest: digestOf(""), sizeBytes: 0 });
    Deno.removeSync(path);
  });
});
