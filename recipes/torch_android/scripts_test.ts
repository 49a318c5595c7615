import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dirname, join } from "node:path";

const SCRIPTS = import.meta.dirname ?? ".";

let folder: string;

function write(path: string, text: string, mode = 0o644): void {
  const file = join(folder, path);
  Deno.mkdirSync(dirname(file), { recursive: true });
  Deno.writeTextFileSync(file, text, { mode });
}

/** Runs a script with a PATH of its own in front. */
async function run(script: string, args: readonly string[] = []) {
  const { code, stderr } = await new Deno.Command("bash", {
    args: [join(SCRIPTS, script), ...args],
    env: { PATH: `${folder}/bin:/usr/bin:/bin` },
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr).replaceAll(folder, "…") };
}

describe("the checks of the toolchain", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-android-" });
  });
  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  const java = (version: string) =>
    write("bin/java", `#!/bin/sh\necho 'openjdk version "${version}" 2024' >&2\n`, 0o755);

  it("check_jdk.sh takes 8 and 11", async () => {
    for (const version of ["1.8.0_402", "11.0.24"]) {
      java(version);
      expect(await run("check_jdk.sh")).toEqual({ code: 0, stderr: "" });
    }
  });

  it("check_jdk.sh names any other, and what to use", async () => {
    for (const version of ["17.0.2", "21", "1.7.0_1"]) {
      java(version);
      expect(await run("check_jdk.sh")).toEqual({
        code: 1,
        stderr:
          `Cannot run Gradle 6.8.3: java is version ${version}, it and the Android plug-in 4.1.2 need 8 or 11\n` +
          "  hint: Use an image with JDK 11, as docker/ndk-r21e/image.ts asks for\n",
      });
    }
  });

  const FILES = [
    "build/cmake/android.toolchain.cmake",
    "shader-tools/linux-x86_64/glslc",
    "sources/third_party/vulkan/src/common/vulkan_wrapper.h",
  ];
  const ndk = (revision: string) => {
    write("ndk/source.properties", `Pkg.Desc = Android NDK\nPkg.Revision = ${revision}\n`);
    for (const file of FILES) write(`ndk/${file}`, "");
  };

  it("check_ndk.sh takes r21e", async () => {
    ndk("21.4.7075529");
    expect(await run("check_ndk.sh", [`${folder}/ndk`])).toEqual({ code: 0, stderr: "" });
  });

  it("check_ndk.sh names another release, and the archive that is wanted", async () => {
    ndk("25.1.8937393");
    expect(await run("check_ndk.sh", [`${folder}/ndk`])).toEqual({
      code: 1,
      stderr:
        'Cannot build with the NDK in "…/ndk": it is 25.1.8937393, PyTorch 1.13.1 needs 21.4.7075529 (r21e)\n' +
        "  hint: Put android-ndk-r21e-linux-x86_64.zip into the mirror; r23 and later have no vulkan_wrapper.h\n",
    });
  });

  it("check_ndk.sh names what is missing", async () => {
    expect((await run("check_ndk.sh", [`${folder}/ndk`])).stderr).toContain("it has no source.properties");
    for (const file of FILES) {
      ndk("21.4.7075529");
      Deno.removeSync(`${folder}/ndk/${file}`);
      expect((await run("check_ndk.sh", [`${folder}/ndk`])).stderr).toContain(`"${file}" is missing`);
    }
  });
});
