import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Digest } from "../digest.ts";
import { EngineError } from "../error.ts";
import type { LockedSource } from "../lock/lock_file.ts";
import { FolderStore, impatientHost } from "./_testing.ts";
import { Fetcher, type FetcherOptions } from "./fetcher.ts";
import { resolveCommit } from "./git_ref.ts";
import { resolveSubmoduleUrl } from "./_git.ts";

// Without git there is nothing to test against; the skip shows in the list of tests.
const hasGit = Deno.env.get("PATH")?.split(":").some((folder) => exists(join(folder, "git"))) ?? false;

let store: FolderStore;
let folder: string;

function fetcher(options: Partial<FetcherOptions> = {}): Fetcher {
  return new Fetcher({ host: impatientHost(), store, archives: {}, ...options });
}

/** A repository with the awkward things that trees hold. */
function makeRepository(name: string, files: Record<string, string>): string {
  const path = join(folder, name);
  Deno.mkdirSync(path);
  git(path, "init", "--quiet", "--initial-branch=main");
  for (const [file, text] of Object.entries(files)) {
    Deno.mkdirSync(join(path, file, ".."), { recursive: true });
    Deno.writeTextFileSync(join(path, file), text);
  }
  commit(path, "first");
  return path;
}

function commit(path: string, message: string): string {
  git(path, "add", "--all");
  git(path, "commit", "--quiet", "--message", message);
  return git(path, "rev-parse", "HEAD").trim();
}

function git(cwd: string, ...args: string[]): string {
  const { success, stdout, stderr } = new Deno.Command("git", {
    args: ["-c", "protocol.file.allow=always", ...args],
    cwd,
    env: {
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_NAME: "a",
      GIT_AUTHOR_EMAIL: "a@a.test",
      GIT_AUTHOR_DATE: "2020-01-01T00:00:00Z",
      GIT_COMMITTER_NAME: "a",
      GIT_COMMITTER_EMAIL: "a@a.test",
      GIT_COMMITTER_DATE: "2020-01-01T00:00:00Z",
    },
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

function sourceOf(path: string, commit: string, extra: Partial<LockedSource> = {}): LockedSource {
  return { kind: "git", url: `file://${path}`, commit, submodules: false, ...extra } as LockedSource;
}

/** What tar makes of the fetched archive: modes, owners, times, names. */
function listing(digest: Digest): string[] {
  const { stdout } = new Deno.Command("tar", {
    args: ["--list", "--verbose", "--numeric-owner", "--full-time", "--file", store.path(digest)],
    env: { TZ: "UTC", LC_ALL: "C" },
  }).outputSync();
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) => line.replace(/\s+/g, " "));
}

function contentOf(digest: Digest, path: string): string {
  const { stdout } = new Deno.Command("tar", { args: ["-xOf", store.path(digest), path] }).outputSync();
  return new TextDecoder().decode(stdout);
}

async function failure(action: Promise<unknown>): Promise<EngineError> {
  const error = await action.then(() => undefined, (error) => error);
  expect(error).toBeInstanceOf(EngineError);
  return error;
}

describe.skipIf(!hasGit)("Fetcher.fetch() of a git source", () => {
  beforeEach(() => {
    store = new FolderStore();
    folder = Deno.makeTempDirSync({ prefix: "vkforge-git-" });
  });
  afterEach(() => {
    store[Symbol.dispose]();
    Deno.removeSync(folder, { recursive: true });
  });

  it("makes an archive whose bytes depend on the commit alone", async () => {
    const path = makeRepository("a", { "b.txt": "b", "a-b/x": "1", "a/x": "2", "a.txt": "3" });
    Deno.writeTextFileSync(join(path, "run.sh"), "#!/bin/sh\n");
    Deno.chmodSync(join(path, "run.sh"), 0o775);
    Deno.symlinkSync("a/x", join(path, "link"));
    const hash = commit(path, "second");
    const fetched = await fetcher().fetch("a", sourceOf(path, hash));
    expect(fetched.fileName).toBe(`a-${hash}.tar`);
    expect(listing(fetched.digest)).toEqual([
      "drwxr-xr-x 0/0 0 1970-01-01 00:00:00 a-b/",
      "-rw-r--r-- 0/0 1 1970-01-01 00:00:00 a-b/x",
      "-rw-r--r-- 0/0 1 1970-01-01 00:00:00 a.txt",
      "drwxr-xr-x 0/0 0 1970-01-01 00:00:00 a/",
      "-rw-r--r-- 0/0 1 1970-01-01 00:00:00 a/x",
      "-rw-r--r-- 0/0 1 1970-01-01 00:00:00 b.txt",
      "lrwxrwxrwx 0/0 0 1970-01-01 00:00:00 link -> a/x",
      "-rwxr-xr-x 0/0 10 1970-01-01 00:00:00 run.sh",
    ]);
    // A golden digest: a change here breaks every lock that pins a git source by SHA-256.
    expect(fetched.digest).toBe("10531079feb1d485ef2c9fbf4e034f75b6b9a9ddf670219f3394344664dab177");
    expect(store.leftovers()).toEqual([]);
  });

  it("gives the same bytes where the server knows only whole histories", async () => {
    const path = makeRepository("a", { "x": "1" });
    const first = git(path, "rev-parse", "HEAD").trim();
    Deno.writeTextFileSync(join(path, "x"), "2");
    commit(path, "second");
    const shallow = await fetcher().fetch("a", sourceOf(path, first));
    expect(contentOf(shallow.digest, "x")).toBe("1");
    using fresh = new FolderStore();
    await using server = serveRepository(path);
    const whole = await fetcher({ store: fresh }).fetch("a", sourceOf("", first, { url: server.url }));
    expect(whole.digest).toBe(shallow.digest);
  });

  it("keeps committed bytes where attributes ask for other line ends, keywords or filters", async () => {
    const path = makeRepository("a", {
      "crlf.txt": "a\r\nb\r\n",
      "lf.txt": "a\nb\n",
      "id.txt": "$Id$\n",
      "hidden.txt": "hidden\n",
      "subst.txt": "$Format:%H$\n",
    });
    // Committed after the files, so that git did not convert them on the way in.
    Deno.writeTextFileSync(
      join(path, ".gitattributes"),
      "lf.txt text eol=crlf\nid.txt ident\nhidden.txt export-ignore\nsubst.txt export-subst\n*.bin filter=lfs\n",
    );
    Deno.writeTextFileSync(join(path, "x.bin"), "pointer");
    const hash = commit(path, "attributes");
    const { digest } = await fetcher().fetch("a", sourceOf(path, hash));
    expect(contentOf(digest, "crlf.txt")).toBe("a\r\nb\r\n");
    expect(contentOf(digest, "lf.txt")).toBe("a\nb\n");
    expect(contentOf(digest, "id.txt")).toBe("$Id$\n");
    expect(contentOf(digest, "hidden.txt")).toBe("hidden\n");
    expect(contentOf(digest, "subst.txt")).toBe("$Format:%H$\n");
  });

  it("refuses a file that is not on disk as it was committed", async () => {
    const path = makeRepository("a", { "x": "1" });
    const host = impatientHost();
    const readFile: typeof host.fs.readFile = (path) =>
      path.endsWith("/x") ? new Uint8Array([50]) : host.fs.readFile(path);
    const error = await failure(
      fetcher({ host: { ...host, fs: { ...host.fs, readFile } } })
        .fetch("a", sourceOf(path, git(path, "rev-parse", "HEAD").trim())),
    );
    expect(error.message).toContain('Cannot read "x" as committed');
  });

  it("takes long and non-ASCII names", async () => {
    const long = `${"d".repeat(90)}/${"f".repeat(180)}.txt`;
    const path = makeRepository("a", { [long]: "long", "ü/✓ file.txt": "umlaut" });
    const { digest } = await fetcher().fetch("a", sourceOf(path, git(path, "rev-parse", "HEAD").trim()));
    expect(contentOf(digest, long)).toBe("long");
    expect(contentOf(digest, "ü/✓ file.txt")).toBe("umlaut");
  });

  it("brings submodules at the recorded commits, also nested ones", async () => {
    const inner = makeRepository("inner", { "deep.txt": "deep" });
    const middle = makeRepository("middle", { "m.txt": "m" });
    git(middle, "submodule", "--quiet", "add", "../inner", "third_party/inner");
    commit(middle, "with inner");
    const outer = makeRepository("outer", { "sub-x": "x", "sub.txt": "t" });
    git(outer, "submodule", "--quiet", "add", `file://${middle}`, "sub");
    const hash = commit(outer, "with middle");
    // What the submodules' branches point to later does not matter.
    Deno.writeTextFileSync(join(inner, "deep.txt"), "changed");
    commit(inner, "later");
    const { digest } = await fetcher().fetch(
      "outer",
      sourceOf(outer, hash, { submodules: true } as Partial<LockedSource>),
    );
    expect(contentOf(digest, "sub/third_party/inner/deep.txt")).toBe("deep");
    const names = listing(digest).map((line) => line.split(" ").at(-1));
    expect(names).toEqual([
      ".gitmodules",
      "sub-x",
      "sub.txt",
      "sub/",
      "sub/.gitmodules",
      "sub/m.txt",
      "sub/third_party/",
      "sub/third_party/inner/",
      "sub/third_party/inner/deep.txt",
    ]);
    const without = await fetcher().fetch("outer", sourceOf(outer, hash));
    expect(listing(without.digest).map((line) => line.split(" ").at(-1))).toContain("sub/");
    expect(without.digest).not.toBe(digest);
  });

  it("checks the archive against the SHA-256 of the lock", async () => {
    const path = makeRepository("a", { "x": "1" });
    const hash = git(path, "rev-parse", "HEAD").trim();
    const error = await failure(fetcher().fetch("a", sourceOf(path, hash, { sha256: "0".repeat(64) })));
    expect(error.code).toBe("digest-mismatch");
    expect(error.message).toContain(`the lock says ${"0".repeat(64)}`);
    expect(store.leftovers()).toEqual([]);
  });

  it("takes the archive from a mirror, without git", async () => {
    const path = makeRepository("a", { "x": "1" });
    const hash = git(path, "rev-parse", "HEAD").trim();
    const { digest } = await fetcher().fetch("a", sourceOf(path, hash));
    const mirror = join(folder, "mirror");
    Deno.mkdirSync(mirror);
    Deno.copyFileSync(store.path(digest), join(mirror, `a-${hash}.tar`));
    using fresh = new FolderStore();
    const source = sourceOf(path, hash, { sha256: digest });
    expect((await fetcher({ store: fresh, offline: true, mirrors: [mirror] }).fetch("a", source)).digest)
      .toBe(digest);
  });

  it("does not fetch a commit twice", async () => {
    const path = makeRepository("a", { "x": "1" });
    const source = sourceOf(path, git(path, "rev-parse", "HEAD").trim());
    await fetcher().fetch("a", source);
    Deno.removeSync(path, { recursive: true });
    await fetcher({ offline: true }).fetch("a", source);
  });

  it("says that a commit is gone", async () => {
    const path = makeRepository("a", { "x": "1" });
    const error = await failure(fetcher().fetch("a", sourceOf(path, "1".repeat(40))));
    expect(error.code).toBe("source-gone");
    expect(error.detail.join()).toContain(`does not have commit ${"1".repeat(40)}`);
  });

  it("says that a repository cannot be reached, without its secrets", async () => {
    const source = sourceOf("", "1".repeat(40), { url: "http://user:geheim@127.0.0.1:9/x.git" });
    const error = await failure(fetcher().fetch("x", source));
    expect(error.code).toBe("source-unavailable");
    expect(JSON.stringify([error.message, error.detail, error.hint])).not.toContain("geheim");
  });

  it("does not let a repository from the network name local ones or programs", async () => {
    for (const url of ["ext::sh -c true", "file:///etc"]) {
      const outer = makeRepository(`outer-${url.length}`, { "x": "1" });
      const inner = git(outer, "rev-parse", "HEAD").trim();
      Deno.writeTextFileSync(join(outer, ".gitmodules"), `[submodule "m"]\n\tpath = m\n\turl = "${url}"\n`);
      git(outer, "update-index", "--add", "--cacheinfo", `160000,${inner},m`);
      git(outer, "add", ".gitmodules");
      git(outer, "commit", "--quiet", "--message", "module");
      const hash = git(outer, "rev-parse", "HEAD").trim();
      await using server = serveRepository(outer);
      const error = await failure(
        fetcher().fetch(
          "x",
          sourceOf("", hash, { url: server.url, submodules: true } as Partial<LockedSource>),
        ),
      );
      expect(error.message + error.detail.join()).toMatch(/not allowed/);
    }
  });

  it("says so when git is missing", async () => {
    const host = impatientHost();
    const spawn: typeof host.spawn = (_program, options) => host.spawn("/no/such/git", options);
    const error = await failure(
      fetcher({ host: { ...host, spawn } }).fetch("a", sourceOf(folder, "1".repeat(40))),
    );
    expect(error.code).toBe("source-unavailable");
    expect(error.hint).toContain("Install git");
    expect(store.leftovers()).toEqual([]);
  });
});

describe.skipIf(!hasGit)("resolveCommit()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-git-" });
  });
  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("finds HEAD, branches, tags and what an annotated tag points to", async () => {
    const path = makeRepository("a", { "x": "1" });
    const first = git(path, "rev-parse", "HEAD").trim();
    git(path, "tag", "v1");
    git(path, "tag", "--annotate", "--message", "two", "v2");
    Deno.writeTextFileSync(join(path, "x"), "2");
    const second = commit(path, "second");
    const options = { host: impatientHost(), folder };
    expect(await resolveCommit(`file://${path}`, options)).toBe(second);
    expect(await resolveCommit(`file://${path}`, { ...options, ref: "main" })).toBe(second);
    expect(await resolveCommit(`file://${path}`, { ...options, ref: "refs/heads/main" })).toBe(second);
    expect(await resolveCommit(`file://${path}`, { ...options, ref: "v1" })).toBe(first);
    expect(await resolveCommit(`file://${path}`, { ...options, ref: "v2" })).toBe(first);
    expect(await resolveCommit("http://127.0.0.1:9/", { ...options, ref: first })).toBe(first);
    expect((await failure(resolveCommit(`file://${path}`, { ...options, ref: "v3" }))).code).toBe(
      "source-gone",
    );
    expect((await failure(resolveCommit("http://127.0.0.1:9/x", options))).code).toBe("source-unavailable");
  });
});

describe("resolveSubmoduleUrl()", () => {
  it("takes relative URLs from the repository they stand in", () => {
    expect(resolveSubmoduleUrl("https://h.test/org/repo.git", "../other.git")).toBe(
      "https://h.test/org/other.git",
    );
    expect(resolveSubmoduleUrl("https://h.test/org/repo/", "../../x/y")).toBe("https://h.test/x/y");
    expect(resolveSubmoduleUrl("https://h.test/org/repo", "./inside")).toBe("https://h.test/org/repo/inside");
    expect(resolveSubmoduleUrl("https://h.test/org/repo", "https://b.test/x")).toBe("https://b.test/x");
  });
});

/** A repository over git's plain http protocol, which needs no program on the server's side. */
function serveRepository(path: string): { readonly url: string } & AsyncDisposable {
  git(path, "update-server-info");
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    try {
      return new Response(Deno.readFileSync(join(path, ".git", new URL(request.url).pathname)));
    } catch {
      return new Response(null, { status: 404 });
    }
  });
  return { url: `http://127.0.0.1:${server.addr.port}/`, [Symbol.asyncDispose]: () => server.shutdown() };
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
