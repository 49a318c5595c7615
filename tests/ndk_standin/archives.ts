/**
 * Stand-ins for the archives that Google and Gradle publish: of the same layout, with a file or two.
 *
 * @module
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type TestEntry, zipOf } from "../../aar/_testing.ts";
import { digestOf } from "../../engine/digest.ts";
import type { AndroidMaterials } from "../../recipes/torch_android/mod.ts";

/** Materials whose archives lie in a folder; `revision` is that of the NDK. */
export function withArchives(
  materials: AndroidMaterials,
  folder: string,
  revision: string,
): AndroidMaterials {
  return {
    ...materials,
    source(name, fileName) {
      const entries = archives(revision)[name];
      if (entries === undefined) return materials.source(name, fileName);
      const bytes = zipOf(entries);
      const sha256 = digestOf(bytes);
      const path = join(folder, `${sha256}.zip`);
      Deno.writeFileSync(path, bytes);
      return {
        kind: "source",
        name,
        source: { kind: "https", url: pathToFileURL(path).href, sha256 },
        fileName: fileName ?? "archive.zip",
      };
    },
  };
}

function archives(revision: string): Readonly<Record<string, readonly TestEntry[]>> {
  const text = (name: string): TestEntry => ({ name, data: `stand-in for ${name}\n` });
  return {
    "android-ndk-r21e": [
      { name: "android-ndk-r21e/source.properties", data: `Pkg.Revision = ${revision}\n` },
      text("android-ndk-r21e/build/cmake/android.toolchain.cmake"),
      text("android-ndk-r21e/shader-tools/linux-x86_64/glslc"),
      text("android-ndk-r21e/sources/third_party/vulkan/src/common/vulkan_wrapper.h"),
    ],
    "android-sdk-platform-28": [text("android-9/android.jar"), text("android-9/source.properties")],
    "android-sdk-build-tools-28.0.3": [text("android-9/aapt2"), text("android-9/source.properties")],
    "gradle-6.8.3": [text("gradle-6.8.3/bin/gradle"), text("gradle-6.8.3/lib/gradle-launcher-6.8.3.jar")],
  };
}
