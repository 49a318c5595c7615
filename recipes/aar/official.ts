/**
 * PyTorch's official AARs, as Maven Central has them. Each is three sources of the lock: the AAR, its sources, its
 * documentation.
 *
 * @module
 */

/** A module of a Maven repository. */
export interface MavenModule {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

/** An official AAR. */
export interface OfficialAar extends MavenModule {
  readonly variant: "full" | "lite";
  /** What its POM says that it needs at run time. */
  readonly dependencies: readonly MavenModule[];
  /** Checks of verify-aar that are known to fail: nothing that repacks an AAR can mend them. */
  readonly knownFaults: readonly string[];
}

/** Java classes of fbjni, in the version of the native library inside. */
export const FBJNI: MavenModule = {
  group: "com.facebook.fbjni",
  artifact: "fbjni-java-only",
  version: "0.2.2",
};

/** Loads native libraries, or hands them to SoLoader. */
export function nativeLoader(version: string): MavenModule {
  return { group: "com.facebook.soloader", artifact: "nativeloader", version };
}

/** Linked for pages of 4 KB; a linker would have to do it again. */
const NEEDS_LINKER = ["page-alignment"];

/** Those that the lock pins. */
export const OFFICIAL_AARS: readonly OfficialAar[] = [
  {
    group: "org.pytorch",
    artifact: "pytorch_android",
    version: "1.13.1",
    variant: "full",
    dependencies: [FBJNI, nativeLoader("0.10.4")],
    knownFaults: NEEDS_LINKER,
  },
  {
    group: "org.pytorch",
    artifact: "pytorch_android_lite",
    version: "1.12.2",
    variant: "lite",
    dependencies: [FBJNI, nativeLoader("0.10.1")],
    knownFaults: NEEDS_LINKER,
  },
  {
    group: "org.pytorch",
    artifact: "pytorch_android_torchvision_lite",
    version: "1.12.2",
    variant: "lite",
    dependencies: [
      { group: "org.pytorch", artifact: "pytorch_android_lite", version: "1.12.2" },
      nativeLoader("0.10.1"),
    ],
    knownFaults: NEEDS_LINKER,
  },
];

/** What AARs depend on, directly or not; fbjni-java-only 0.2.2 names nativeloader 0.10.1, which Maven then asks for. */
export const DEPENDENCIES: readonly MavenModule[] = [FBJNI, nativeLoader("0.10.1"), nativeLoader("0.10.4")];

/** Kinds of files of an AAR, by classifier. */
export const AAR_FILES = ["aar", "sources", "javadoc"] as const;

/** A kind of file of an AAR. */
export type AarFile = typeof AAR_FILES[number];

/** Name in the lock of a file of a module, such as "pytorch_android-1.13.1-sources". */
export function sourceName({ artifact, version }: MavenModule, kind: string): string {
  return `${artifact}-${version}-${kind}`;
}
