import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gzipSync } from "node:zlib";
import type { LockedPackage } from "../../engine/lock/lock_file.ts";
import { type Certificate, HAS_OPENSSL, makeCertificate } from "./_certificate.ts";
import { type CliRun, documentOf } from "./_cli.ts";
import { sha256 } from "./_deb.ts";
import { DEAD_END, IMAGE_LOCK, leftovers, LOCK, SANDBOX_LOCK, SmallProject } from "./_small_project.ts";

/** Packages whose locked version the archive does not have any more. */
const GONE = ["libacl1", "libgmp10", "libselinux1"];

/** Content of the only "pytorch" that the archive's index has. */
const LATER_SOURCE = "a later pytorch";

let folder: string;
let certificate: Certificate;
let project: SmallProject;
let current: Map<string, string>;

async function build(...args: string[]): Promise<CliRun> {
  return await project.run(["build-models", "--json", ...args], {
    env: { DENO_CERT: certificate.authority },
  });
}

/** An archive's index that has the packages as they are locked now, and a later revision of the source "pytorch". */
function publishIndex(packages: readonly LockedPackage[]): void {
  const binary = packages.map(({ name, version, path, sha256, sizeBytes }) =>
    `Package: ${name}\nVersion: ${version}\nFilename: ${path}\nSHA256: ${sha256}\nSize: ${sizeBytes}\n`
  );
  const file = `${sha256(LATER_SOURCE)} ${LATER_SOURCE.length} pytorch_2.orig.tar.xz`;
  const source =
    `Package: pytorch\nVersion: 2-1\nDirectory: pool/main/p/pytorch\nChecksums-Sha256:\n ${file}\n`;
  project.serve("pool/main/p/pytorch/pytorch_2.orig.tar.xz", LATER_SOURCE);
  const lists = { "main/binary-amd64/Packages.gz": binary.join("\n"), "main/source/Sources.gz": source };
  const lines = Object.entries(lists).map(([path, text]) => {
    const bytes = new Uint8Array(gzipSync(text));
    project.serve(`dists/bookworm/${path}`, bytes);
    return ` ${sha256(bytes)} ${bytes.length} ${path}\n`;
  });
  project.serve(
    "dists/bookworm/InRelease",
    `Suite: oldstable\nCodename: bookworm\nSHA256:\n${lines.join("")}`,
  );
}

/** Pins versions that never were, as locks do once the archive has moved on. Both images have "libselinux1". */
function pinGoneVersions(): void {
  for (const lock of [IMAGE_LOCK, SANDBOX_LOCK]) {
    project.checkout.edit(lock, ({ packages }) => {
      for (const locked of packages as Array<{ -readonly [K in keyof LockedPackage]: LockedPackage[K] }>) {
        if (!GONE.includes(locked.name)) continue;
        locked.version += "~gone";
        locked.path = locked.path.replace(/_amd64\.deb$/, "~gone_amd64.deb");
        locked.sha256 = sha256(locked.name);
        locked.sizeBytes = 1000;
      }
    });
  }
}

describe.skipIf(!HAS_OPENSSL)("drift", () => {
  beforeAll(async () => {
    folder = await Deno.makeTempDir({ prefix: "vkforge-e2e-tls-" });
    certificate = makeCertificate(folder);
    project = await SmallProject.make({ tls: certificate });
    const { packages } = JSON.parse(project.checkout.read(IMAGE_LOCK)) as { packages: LockedPackage[] };
    current = new Map(packages.map(({ name, version }) => [name, version]));
    publishIndex(packages);
    pinGoneVersions();
  });

  afterAll(async () => {
    await project[Symbol.asyncDispose]();
    await Deno.remove(folder, { recursive: true });
  });

  it("--frozen: exit 3, names the package, hint to lock anew", async () => {
    const run = await build("--frozen");
    const { error } = documentOf(run);
    expect({ exit: run.code, code: error.code }).toEqual({ exit: 3, code: "source-gone" });
    expect(GONE).toContain(error.subject);
    expect(error.message).toMatch(/^Cannot fetch "\w+": no place has \S+~gone_amd64\.deb any more$/);
    expect(error.hint).toContain("deno task lock");
    expect(error.detail).toHaveLength(2);
    expect(error.detail[1]).toContain("/snapshot/pool/");
  });

  it("goes on with the nearest versions, all in one round, and says so loudly", async () => {
    project.server.requests.length = 0;
    const run = await build();
    expect(run).toMatchObject({ code: 0 });
    for (const name of GONE) {
      expect(run.stderr).toContain(`"${name}" is not as locked: ${current.get(name)} in place of `);
    }
    const [model] = documentOf(run).models;
    expect(model.drift.map(({ source }: { source: string }) => source).sort()).toEqual(GONE);
    expect(project.server.requests.filter((path) => path.endsWith("Packages.gz"))).toHaveLength(1);
    expect(run.stderr.match(/build-models: \d+ steps/g)).toHaveLength(2);
    expect(leftovers(project.store)).toEqual([]);
  });

  it("says it again when nothing is left to build", async () => {
    const run = await build();
    expect(run.code).toBe(0);
    expect(documentOf(run).models[0].drift).toHaveLength(GONE.length);
    expect(run.stderr).toContain('"libgmp10" is not as locked');
  });

  it("the archive's word is enough where the snapshot archive does not answer", async () => {
    project.checkout.edit(LOCK, ({ archives }) => archives.bookworm.snapshot = `${DEAD_END}/snapshot`);
    const started = performance.now();
    const run = await build();
    expect(run.code).toBe(0);
    expect(documentOf(run).models[0].drift).toHaveLength(GONE.length);
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it("replaces a source package that is gone as well", async () => {
    const text = project.checkout.read(LOCK);
    project.checkout.edit(LOCK, ({ sources: { pytorch } }) => {
      pytorch.path = "pool/main/p/pytorch/pytorch_0.orig.tar.xz";
      pytorch.sha256 = sha256("gone");
    });
    const run = await build();
    project.checkout.write(LOCK, text);
    expect(run.code).toBe(0);
    const { drift } = documentOf(run).models[0];
    expect(drift.map(({ source }: { source: string }) => source).sort()).toEqual([...GONE, "pytorch"]);
    expect(drift).toContainEqual(expect.objectContaining({ source: "pytorch", usedVersion: "2-1" }));
  });

  it("exit 3 where the archive has no version at all", async () => {
    const { packages } = JSON.parse(project.checkout.read(IMAGE_LOCK)) as { packages: LockedPackage[] };
    publishIndex(packages.filter(({ name }) => name !== "libgmp10" && !GONE.includes(name)));
    const run = await build();
    const { error } = documentOf(run);
    expect({ exit: run.code, code: error.code }).toEqual({ exit: 3, code: "source-gone" });
    expect(error.message).toMatch(
      /^Cannot replace "\w+" \S+~gone: the archive "bookworm" has no version of it$/,
    );
    expect(error.hint).toContain("--mirror");
  });
});
