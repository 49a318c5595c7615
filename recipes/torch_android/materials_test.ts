import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import type { LockedSource } from "../../engine/mod.ts";
import { Fetcher } from "../../engine/source/mod.ts";
import { Store } from "../../engine/store/mod.ts";
import { REPOSITORY } from "../../tests/fixtures/mini_engine.ts";
import { loadProject } from "../project.ts";
import { assertJdk, loadAndroidMaterials } from "./mod.ts";

const host = denoHost();
const { lock } = await loadProject(host, REPOSITORY);
const NDK = "android-ndk-r21e-linux-x86_64.zip";

function locked(name: string): LockedSource {
  const source = lock.sources[name];
  if (source === undefined) throw new Error(`no source ${name}`);
  return source;
}

describe("loadAndroidMaterials()", () => {
  it("has an image with JDK 11 and CMake 3.18", async () => {
    const { ndkR21e } = await loadAndroidMaterials(host, await loadProject(host, REPOSITORY));
    const versions = new Map(ndkR21e.packages.map(({ name, version }) => [name, version]));
    expect(versions.get("openjdk-11-jdk-headless")).toMatch(/^11\./);
    expect(versions.get("cmake")).toMatch(/^3\.18\./);
  });
});

describe("assertJdk()", () => {
  const image = (...names: string[]) => ({
    name: "mine",
    packages: names.map((name) => ({
      name,
      version: "1",
      archive: "bullseye",
      path: `pool/${name}.deb`,
      sha256: "0".repeat(64),
      sizeBytes: 1,
    })),
  });

  it("names the JDK that does not do, and what does", () => {
    expect(() => assertJdk(image("bash", "openjdk-17-jre-headless"))).toThrow(expect.objectContaining({
      code: "usage",
      message:
        'Cannot build with the image "mine": it has JDK 17, Gradle 6.8.3 and the Android plug-in 4.1.2 need 8 or 11',
      hint: "Ask for openjdk-11-jdk-headless in docker/mine/image.ts and run `deno task lock mine`",
    }));
  });

  it("misses one", () => {
    expect(() => assertJdk(image("bash"))).toThrow('Cannot build with the image "mine": it has no JDK');
  });

  it("takes 8 and 11", () => {
    for (const jdk of ["openjdk-8-jre-headless", "openjdk-11-jre"]) {
      expect(() => assertJdk(image(jdk))).not.toThrow();
    }
  });
});

describe("the archives of Google and Gradle", () => {
  let folder: string;
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-android-" });
  });
  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  const fetcher = (mirrors: readonly string[]) =>
    new Fetcher({
      host,
      store: Store.open(host, join(folder, "store")),
      archives: lock.archives,
      mirrors,
      offline: true,
    });

  it("are asked for by file, checksum and URL where they cannot be had", async () => {
    for (
      const [name, file, checksum] of [
        ["android-ndk-r21e", NDK, "sha256 ad7ce546"],
        ["android-sdk-platform-28", "platform-28_r06.zip", "sha256 8452dbbf"],
        ["android-sdk-build-tools-28.0.3", "build-tools_r28.0.3-linux.zip", "sha1 ea6f2f71"],
        ["gradle-6.8.3", "gradle-6.8.3-bin.zip", "sha256 7faa7198"],
      ] as const
    ) {
      const source = locked(name);
      await expect(fetcher([]).fetch(name, source)).rejects.toMatchObject({
        code: "offline",
        message: expect.stringContaining(`${file} (${checksum}`),
        hint: expect.stringContaining("--mirror"),
        detail: [`wanted from ${source.kind === "https" ? source.url : ""}`],
      });
    }
  });

  it("come by commit where they are sources", async () => {
    await expect(fetcher([]).fetch("pytorch-git", locked("pytorch-git"))).rejects.toMatchObject({
      code: "offline",
      message: expect.stringContaining("(commit 49444c3e546bf240bed24a101e747422d1f8a0ee)"),
    });
  });

  it("are not believed where a mirror has another release under the name", async () => {
    const mirror = join(folder, "mirror");
    Deno.mkdirSync(mirror);
    Deno.writeTextFileSync(join(mirror, NDK), "NDK r25");
    await expect(fetcher([mirror]).fetch("android-ndk-r21e", locked("android-ndk-r21e"))).rejects
      .toMatchObject({
        code: "digest-mismatch",
        message: expect.stringMatching(/^Cannot fetch "android-ndk-r21e": .* the lock says /),
        hint: expect.stringContaining("nothing of it was kept"),
      });
  });
});
