import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { type CliRun, documentOf, processesWith } from "./_cli.ts";
import { debOf, sha256 } from "./_deb.ts";
import {
  DEAD_END,
  IMAGE_LOCK,
  leftovers,
  LOCK,
  removeStore,
  SANDBOX_LOCK,
  SmallProject,
} from "./_small_project.ts";

let project: SmallProject;
let locks: Map<string, string>;
let before: string[];

/** Pins other bytes for a package of an image and gives its path. */
function repin(lock: string, name: string, bytes: Uint8Array): string {
  let path = "";
  project.checkout.edit(lock, ({ packages }) => {
    const locked = packages.find((locked: { name: string }) => locked.name === name);
    path = locked.path;
    locked.sha256 = sha256(bytes);
    locked.sizeBytes = bytes.length;
  });
  return path;
}

/** A .deb of the server's, as it is. */
async function packageBytes(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(`${project.server.origin}/debian/${path}`)).arrayBuffer());
}

async function build(...args: string[]): Promise<CliRun> {
  return await project.run(["build-models", "--json", ...args]);
}

function expectFailure(
  run: CliRun,
  exit: number,
  code: string,
): { message: string; hint: string; detail: string[] } {
  const { ok, error } = documentOf(run);
  expect({ exit: run.code, ok, code: error.code }).toEqual({ exit, ok: false, code });
  expect(error.hint).toBeTruthy();
  expect(run.stderr).toContain(`error: ${error.message}\n`);
  expect(run.stderr).toContain("  hint: ");
  return error;
}

/** Every file of the store, by its path in it; but for kernel locks, which hold nothing. */
function storeFiles(): string[] {
  const files: string[] = [];
  const visit = (folder: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(join(project.store, folder))) {
      if (isDirectory) visit(join(folder, name));
      else if (!name.endsWith(".lock")) files.push(join(folder, name));
    }
  };
  for (const folder of ["blobs", "manifests", "downloads", "tmp"]) visit(folder);
  return files.sort();
}

/** What came into the store since the test began. */
function newFiles(): string[] {
  return storeFiles().filter((file) => !before.includes(file));
}

describe("sources that are not what the locks say", () => {
  beforeAll(async () => {
    project = await SmallProject.make();
    expect(await build()).toMatchObject({ code: 0 });
    locks = new Map([LOCK, IMAGE_LOCK, SANDBOX_LOCK].map((path) => [path, project.checkout.read(path)]));
  });

  beforeEach(() => {
    before = storeFiles();
    project.server.requests.length = 0;
  });

  afterEach(() => {
    for (const [path, text] of locks) project.checkout.write(path, text);
    project.hook("");
    expect(leftovers(project.store)).toEqual([]);
  });

  afterAll(() => project[Symbol.asyncDispose]());

  it("tampered package: exit 3, both hashes, nothing of it in the store", async () => {
    const original = await packageBytes(repin(IMAGE_LOCK, "libgmp10", new Uint8Array(1)));
    project.checkout.write(IMAGE_LOCK, locks.get(IMAGE_LOCK) ?? "");
    const tampered = original.slice();
    tampered[5000] = (tampered[5000] ?? 0) ^ 1;
    const path = repin(IMAGE_LOCK, "libgmp10", tampered);
    const error = expectFailure(await build(), 3, "digest-mismatch");
    expect(error.message).toBe(
      `Cannot fetch "libgmp10": sha256 is ${sha256(original)}, the lock says ${sha256(tampered)}`,
    );
    expect(error.detail.join("\n")).toContain(`${project.server.origin}/debian/${path}`);
    expect(newFiles()).toEqual([]);
  });

  it("tampered bubblewrap: exit 3 before anything runs", async () => {
    project.hook("echo another step\n");
    const path = repin(SANDBOX_LOCK, "bubblewrap", new Uint8Array(47320));
    const error = expectFailure(await build(), 3, "digest-mismatch");
    expect(error.message).toContain('Cannot fetch "bubblewrap": sha256 is ');
    expect(error.message).toContain(`the lock says ${sha256(new Uint8Array(47320))}`);
    expect(project.server.requests).toContain(`/debian/${path}`);
    expect(newFiles()).toEqual([]);
  });

  it("other size than locked: exit 3, refused before it is taken", async () => {
    repin(IMAGE_LOCK, "libgmp10", new Uint8Array(1000));
    const error = expectFailure(await build(), 3, "digest-mismatch");
    expect(error.message).toMatch(/^Cannot fetch "libgmp10": size is \d+, the lock says 1000$/);
    expect(newFiles()).toEqual([]);
  });

  it("truncated package that is pinned as it is: archive-malformed, exit 1", async () => {
    const original = await packageBytes(repin(IMAGE_LOCK, "libgmp10", new Uint8Array(1)));
    const cut = original.slice(0, original.length / 2);
    project.serve(repin(IMAGE_LOCK, "libgmp10", cut), cut);
    const error = expectFailure(await build(), 1, "archive-malformed");
    expect(error.message).toMatch(/^Cannot unpack the package "libgmp10": /);
  });

  it.each([
    ["..", [{ name: "usr/../../escaped", content: "x" }], "leaves the archive's root"],
    ["an absolute path", [{ name: "/escaped", content: "x" }], "is absolute"],
    [
      "a link out and a file below it",
      [{ name: "out", type: "symlink", linkname: "../../.." }, { name: "out/escaped", content: "x" }],
      "leaves the root",
    ],
    [
      "a hard link out",
      [{ name: "x", type: "link", linkname: "../../../etc/passwd" }],
      "leaves the archive's root",
    ],
    ["a device", [{ name: "null", type: "character-device" }], "is a character-device"],
  ])("package that escapes through %s: archive-unsafe, exit 1, no file outside", async (
    _how: string,
    entries: Parameters<typeof debOf>[0],
    reason: string,
  ) => {
    const evil = await debOf(entries);
    project.serve(repin(IMAGE_LOCK, "libgmp10", evil), evil);
    const error = expectFailure(await build(), 1, "archive-unsafe");
    expect(error.message).toContain(reason);
    const outside = [
      project.store,
      join(project.store, ".."),
      "/",
      join(project.store, "tmp"),
      project.checkout.root,
    ]
      .flatMap((folder) => [...Deno.readDirSync(folder)].map(({ name }) => name));
    expect(outside).not.toContain("escaped");
    expect(storeFiles().filter((path) => path.includes("escaped"))).toEqual([]);
  });

  it("weights that cannot be had: exit 3 and the hint to use seeded", async () => {
    project.checkout.edit(
      LOCK,
      (lock) => lock.sources["mobilenet_v2-weights"].url = `${DEAD_END}/weights.pth`,
    );
    const error = expectFailure(
      await build("--model", "mobilenet_v2", "--weights", "pretrained"),
      3,
      "source-unavailable",
    );
    expect(error.message).toContain('Cannot fetch "mobilenet_v2-weights": ');
    expect(error.hint).toContain("--weights seeded");
  });

  it("weights that are not the published ones: exit 3, both hashes", async () => {
    project.checkout.edit(LOCK, ({ sources }) => {
      const { url } = sources["mobilenet_v2-weights"];
      sources["mobilenet_v2-weights"] = { kind: "https", url, sha256Prefix: "7ebf99e0" };
    });
    const error = expectFailure(
      await build("--model", "mobilenet_v2", "--weights", "pretrained"),
      3,
      "digest-mismatch",
    );
    expect(error.message).toContain(sha256("mobilenet_v2-weights"));
    expect(error.message).toContain("7ebf99e0");
  });

  it("--offline with an empty store: exit 3; names file, hash and URL; asks no server", async () => {
    const store = `${project.store}-empty`;
    const run = await project.run(["build-models", "--json", "--offline"], { store });
    removeStore(store);
    const error = expectFailure(run, 3, "offline");
    expect(error.message).toMatch(
      /^Cannot fetch "[^"]+" offline: \S+\.deb \(sha256 [0-9a-f]{64}\) is not in the store$/,
    );
    expect(error.detail.join("\n")).toContain(`wanted from ${project.server.origin}/debian/pool/`);
    expect(project.server.requests).toEqual([]);
  });

  it("--offline with a full store asks no server", async () => {
    expect(await build("--offline")).toMatchObject({ code: 0 });
    expect(project.server.requests).toEqual([]);
  });

  it("a mirror folder stands in for a server that does not answer", async () => {
    const mirror = await Deno.makeTempDir({ prefix: "vkforge-e2e-mirror-" });
    await Deno.writeTextFile(join(mirror, sha256("new weights")), "new weights");
    project.checkout.edit(LOCK, ({ sources }) => {
      sources["mobilenet_v2-weights"] = {
        kind: "https",
        url: `${DEAD_END}/w.pth`,
        sha256: sha256("new weights"),
      };
    });
    const run = await build("--model", "mobilenet_v2", "--weights", "pretrained", "--mirror", mirror);
    await Deno.remove(mirror, { recursive: true });
    expect(run.code).toBe(0);
  });

  it("leaves no process behind", () => {
    expect(processesWith(project.store)).toEqual([]);
  });
});
