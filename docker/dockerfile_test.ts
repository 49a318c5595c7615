import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../engine/deno_host.ts";
import { readLockFile, readPackagesLock } from "../engine/lock/mod.ts";
import { miniEngine } from "../tests/fixtures/mini_engine.ts";
import { dockerfileOf, packageLines, unpackScript } from "./dockerfile.ts";
import { BUBBLEWRAP, debianImage, IMAGES, NDK_R21E } from "./mod.ts";

const REPOSITORY = join(import.meta.dirname ?? ".", "..");
const host = denoHost();
const lock = await readLockFile(host, join(REPOSITORY, "vkforge.lock.json"));
const packagesOf = (folder: string) => readPackagesLock(host, join(REPOSITORY, folder, "packages.lock.json"));

function hasAptHelper(): boolean {
  return host.fs.lstat("/usr/lib/apt/apt-helper") !== undefined;
}

describe("dockerfileOf()", () => {
  it("is the file in the repository", async () => {
    for (const spec of IMAGES.filter(({ dockerfile }) => dockerfile)) {
      const text = dockerfileOf(spec, await packagesOf(spec.folder), lock);
      expect(await Deno.readTextFile(join(REPOSITORY, spec.folder, "Dockerfile"))).toBe(text);
    }
  });

  it("checks archives by the strongest checksum there is", async () => {
    const text = dockerfileOf(NDK_R21E, await packagesOf(NDK_R21E.folder), lock);
    const { "android-ndk-r21e": ndk, "android-sdk-build-tools-28.0.3": tools } = lock.sources;
    expect(text).toContain(
      `sha256sum ${ndk?.sha256} http://dl.google.com/android/repository/android-ndk-r21e-`,
    );
    expect(text).toContain(
      `sha${tools?.sha256 === undefined ? "1" : "256"}sum ${tools?.sha256 ?? tools?.sha1} `,
    );
  });
});

describe("unpackScript()", () => {
  it.skipIf(!hasAptHelper())("gives the files that the engine gives", async () => {
    const folder = await Deno.makeTempDir({ prefix: "vkforge-dockerfile-" });
    const packages = await packagesOf(BUBBLEWRAP.folder);
    await Deno.writeTextFile(
      join(folder, "packages"),
      packageLines(packages, lock.archives).join("\n") + "\n",
    );
    await Deno.writeTextFile(join(folder, "unpack.sh"), unpackScript(BUBBLEWRAP, packages));
    const unpacked = await new Deno.Command("bash", {
      args: [join(folder, "unpack.sh"), join(folder, "packages"), join(folder, "root")],
    }).output();
    expect(new TextDecoder().decode(unpacked.stderr)).toBe("");

    const { engine } = await miniEngine({ storeRoot: join(folder, "store") });
    const image = await engine.image(debianImage(BUBBLEWRAP, packages), new AbortController().signal);
    const [byScript, byEngine] = [listing(join(folder, "root")), listing(image.root)];
    expect(byScript.length).toBeGreaterThan(200);
    expect(byScript.filter((line) => !byEngine.includes(line))).toEqual([]);
    expect(byEngine.filter((line) => !byScript.includes(line))).toEqual([]);
    await Deno.remove(folder, { recursive: true });
  });
});

/** Paths with kind, size or target, as text. */
function listing(root: string, relative = ""): string[] {
  return host.fs.readDir(join(root, relative)).flatMap(({ name }) => {
    const path = join(relative, name);
    const info = host.fs.lstat(join(root, path))!;
    if (info.kind === "directory") return [`${path}/`, ...listing(root, path)];
    if (info.kind === "symlink") return [`${path} -> ${host.fs.readLink(join(root, path))}`];
    return [`${path} ${info.sizeBytes} ${(info.mode & 0o100) === 0 ? "" : "x"}`];
  }).sort();
}
