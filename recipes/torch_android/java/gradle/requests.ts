/**
 * What upstream's Android build asks Gradle for.
 *
 * @module
 */
import type { Request } from "./closure.ts";

/** Version of the Android Gradle plugin, as upstream's android/build.gradle has it. */
const AGP_VERSION = "4.1.2";

/** Modules of one classpath each. */
export const CONFIGURATIONS: readonly (readonly Request[])[] = [
  // buildscript { dependencies { classpath … } }
  [{ group: "com.android.tools.build", artifact: "gradle", version: AGP_VERSION }],
  // implementation … of both modules
  [
    { group: "com.facebook.fbjni", artifact: "fbjni-java-only", version: "0.2.2" },
    { group: "com.facebook.soloader", artifact: "nativeloader", version: "0.10.4" },
  ],
];
