import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { digestOf } from "../digest.ts";
import { SmallGraph } from "./_testing_graph.ts";
import type { Manifest } from "./manifest.ts";
import { type Damage, repairStore, verifyStore } from "./verify_store.ts";

const host = denoHost();
let folder: string;
let graph: SmallGraph;
let step: Manifest;

const check = () => verifyStore(host, folder);

/** Damages as lines. */
function lines(damages: readonly Damage[]): string[] {
  return damages.map(({ kind, path, problem }) => `${kind} ${path} ${problem}`);
}

/** Path of the blob of one of the step's files, below the store's folder. */
function blobOf(path: string, manifest = step): string {
  const entry = manifest.tree.find((one) => one.path === path);
  if (entry?.kind !== "file") throw new Error(`no file ${path}`);
  return graph.store.path(entry.digest, entry.executable).slice(folder.length + 1);
}

function overwrite(path: string, text: string): void {
  const absolute = join(folder, path);
  const mode = Deno.statSync(absolute).mode! & 0o777;
  Deno.chmodSync(absolute, 0o600);
  Deno.writeTextFileSync(absolute, text);
  Deno.chmodSync(absolute, mode);
}

/** Repairs, and says that nothing is wrong afterwards and everything else still there. */
function repaired(intact: readonly Manifest[] = []): void {
  repairStore(host, folder, check().damages);
  expect(lines(check().damages)).toEqual([]);
  expect(intact.map((manifest) => graph.isWhole(manifest))).toEqual(intact.map(() => true));
}

describe("verifyStore()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-verify-store-" });
    graph = new SmallGraph(host, folder);
    step = graph.step("a/b", { sources: ["tarball", "alias"], files: { "x.txt": "x" } });
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("finds nothing in a whole store and says what it checked", () => {
    expect(check()).toMatchObject({
      damages: [],
      absent: [],
      checked: { blobs: 10, manifests: 3, checkouts: 3, hashedBytes: expect.any(Number) },
    });
  });

  it("finds other bytes under a right name and size, in the blob, in what was made of it and in checkouts", () => {
    overwrite(blobOf("out"), "a/b 2");
    expect(lines(check().damages)).toEqual([
      `blob ${blobOf("out")} holds 5 bytes of another SHA-256: ${digestOf("a/b 2")}`,
      `manifest manifests/${step.id}.json (step "a/b") names "out", which is damaged`,
      `latest latest/a%2Fb names the manifest ${step.id}, which is damaged`,
      `checkout checkouts/${step.treeDigest} does not hold the tree that it is named by`,
    ]);
    repaired([graph.image, graph.package]);
    expect(graph.store.hit(step.id)).toBe(undefined);
  });

  it("finds a blob that is gone and says who needs it", () => {
    Deno.removeSync(join(folder, blobOf("out")));
    expect(lines(check().damages)).toEqual([
      `blob ${blobOf("out")} is not there; (step "a/b") needs it as "out"`,
      `manifest manifests/${step.id}.json (step "a/b") names "out", which is not there`,
      `latest latest/a%2Fb names the manifest ${step.id}, which is damaged`,
    ]);
    repaired([graph.image]);
  });

  it("finds wrong modes, and blobs that are no files or have no digest's name", () => {
    Deno.chmodSync(join(folder, blobOf("bin/run.sh")), 0o755);
    Deno.mkdirSync(join(folder, "blobs", "ab", "c".repeat(62)), { recursive: true });
    Deno.writeTextFileSync(join(folder, "blobs", "ab", "stray"), "");
    const found = lines(check().damages).filter((line) => line.startsWith("blob"));
    expect(found.sort()).toEqual([
      `blob ${blobOf("bin/run.sh")} has the mode 755, not 555`,
      `blob blobs/ab/${"c".repeat(62)} is a directory, not a file`,
      "blob blobs/ab/stray is not named by a SHA-256",
    ].sort());
    repaired([graph.image]);
  });

  it("finds damaged manifests and names", () => {
    const other = graph.step("other");
    overwrite(`manifests/${other.id}.json`, "{}");
    overwrite("latest/a%2Fb", graph.image.id);
    overwrite("aliases/sha512%3Aalias", digestOf("nothing"));
    expect(lines(check().damages)).toEqual([
      "alias aliases/sha512%3Aalias is cut off or altered",
      `manifest manifests/${other.id}.json is cut off, altered or of another id: its checksum does not fit`,
      'latest latest/a%2Fb names a manifest of "image/tools"',
      `latest latest/other names the manifest ${other.id}, which is not there or damaged`,
    ]);
    repaired([step, graph.image]);
  });

  it("finds checkouts that lack, changed or gained something", () => {
    const at = (path: string) => join(folder, "checkouts", graph.image.treeDigest, path);
    const problem = () => check().damages.map((damage) => damage.problem).join();
    Deno.removeSync(at("usr/share/text"));
    expect(problem()).toBe('lacks "usr/share/text"');
    Deno.linkSync(join(folder, blobOf("usr/share/text", graph.image)), at("usr/share/text"));
    expect(problem()).toBe("");

    Deno.removeSync(at("bin"));
    Deno.symlinkSync("usr/evil", at("bin"));
    expect(problem()).toBe('holds another "bin" than its tree');
    Deno.removeSync(at("bin"));
    Deno.symlinkSync("usr/bin", at("bin"));

    Deno.writeTextFileSync(at("tmp/more"), "", { mode: 0o444 });
    expect(problem()).toBe('lacks "tmp"');
    Deno.chmodSync(at("tmp/more"), 0o644);
    expect(problem()).toBe('holds "tmp/more", whose kind or mode a tree cannot have');
    Deno.removeSync(at("tmp/more"));

    Deno.writeTextFileSync(at("more"), "", { mode: 0o444 });
    expect(problem()).toBe('holds "more", which is not in its tree');
    repaired([step, graph.image, graph.package]);
    expect(graph.store.checkout(graph.image.tree)).toBe(join(folder, "checkouts", graph.image.treeDigest));
    expect(check().damages).toEqual([]);
  });

  it("hashes files of checkouts that are copies", () => {
    const path = join(folder, "checkouts", graph.image.treeDigest, "etc/passwd");
    Deno.removeSync(path);
    Deno.writeTextFileSync(path, "root", { mode: 0o444 });
    Deno.chmodSync(path, 0o444);
    expect(check().damages).toEqual([]);
    Deno.chmodSync(path, 0o600);
    Deno.writeTextFileSync(path, "evil");
    Deno.chmodSync(path, 0o444);
    expect(check().damages.map(({ problem }) => problem)).toEqual([
      'holds another "etc/passwd" than its tree',
    ]);
  });

  it("lists what can be made or fetched again apart from damage", () => {
    const deb = graph.store.path(digestOf("tools.deb"));
    Deno.removeSync(deb);
    Deno.removeSync(join(folder, "manifests", `${graph.package.id}.json`));
    expect(check()).toMatchObject({ damages: [], absent: [`manifests/${graph.package.id}.json`] });
    Deno.removeSync(graph.store.path(digestOf("tarball")));
    expect(check()).toMatchObject({
      damages: [],
      absent: [
        graph.store.path(digestOf("tarball")).slice(folder.length + 1),
        `manifests/${graph.package.id}.json`,
      ],
    });
  });

  it("takes bytes that the disk cannot give back for damage", () => {
    const broken = {
      ...host,
      fs: {
        ...host.fs,
        readChunks: (path: string, onChunk: (chunk: Uint8Array) => void) => {
          if (path.endsWith(blobOf("out"))) throw new Error("Input/output error (os error 5)");
          host.fs.readChunks(path, onChunk);
        },
      },
    };
    expect(lines(verifyStore(broken, folder).damages)[0]).toBe(
      `blob ${blobOf("out")} cannot be read: Input/output error (os error 5)`,
    );
  });
});

describe("repairStore()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-repair-store-" });
    graph = new SmallGraph(host, folder);
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("makes a miss of what is damaged, so that it can be made again", () => {
    step = graph.step("a");
    overwrite(blobOf("out"), "evil");
    overwrite(blobOf("usr/share/text", graph.package), "evil!");
    repaired();
    graph = new SmallGraph(host, folder);
    expect(graph.isWhole(graph.step("a"))).toBe(true);
    expect(check()).toMatchObject({ damages: [], absent: [] });
  });
});
