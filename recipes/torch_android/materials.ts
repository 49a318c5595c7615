/**
 * What torch for Android is built from, besides what every recipe has.
 *
 * @module
 */
import { debianImage, NDK_R21E } from "../../docker/mod.ts";
import { EngineError, type Host, type Image } from "../../engine/mod.ts";
import { assertFresh, readPackagesLock } from "../../engine/lock/mod.ts";
import type { Materials } from "../materials.ts";
import { packagesLockPath, type Project } from "../project.ts";

/** Locked sources, and the images of the host and of Android. */
export interface AndroidMaterials extends Materials {
  readonly ndkR21e: Image;
}

/**
 * The materials of a project with the image "ndk-r21e".
 *
 * @throws {EngineError} "lock-missing", "lock-malformed", "lock-stale"; "usage" for an image with another JDK
 */
export async function loadAndroidMaterials(host: Host, project: Project): Promise<AndroidMaterials> {
  const path = packagesLockPath(project.repository, NDK_R21E);
  const lock = await readPackagesLock(host, path);
  assertFresh(lock, NDK_R21E.requested, path);
  const ndkR21e = debianImage(NDK_R21E, lock);
  assertJdk(ndkR21e);
  return { ...project.materials, ndkR21e };
}

/** JDKs that both Gradle 6.8.3 (8 to 15) and the Android plug-in 4.1.2 (8 and 11) run on. */
const JDKS = ["8", "11"];

/**
 * Passes if an image has a JDK that Gradle and the Android plug-in run on; check_jdk.sh looks at the real one.
 *
 * @throws {EngineError} "usage" naming the JDK it has
 */
export function assertJdk({ name, packages }: Pick<Image, "name" | "packages">): void {
  const found = packages.flatMap((locked) => /^openjdk-(\d+)-jre/.exec(locked.name)?.[1] ?? []);
  const wrong = found.find((version) => !JDKS.includes(version));
  if (wrong === undefined && found.length > 0) return;
  throw new EngineError(
    "usage",
    wrong === undefined
      ? `Cannot build with the image "${name}": it has no JDK`
      : `Cannot build with the image "${name}": it has JDK ${wrong}, Gradle 6.8.3 and the Android plug-in 4.1.2 need 8 or 11`,
    { hint: `Ask for openjdk-11-jdk-headless in docker/${name}/image.ts and run \`deno task lock ${name}\`` },
  );
}
