/**
 * Images: root file systems made of locked Debian packages.
 *
 * @module
 */
import { digestOfJson, type StepId } from "../digest.ts";
import type { Json } from "../canonical_json.ts";
import type { LockedPackage } from "../lock/mod.ts";

/** A root file system as data. */
export interface Image {
  readonly name: string;
  /** Unpacked in this order; a later package's file replaces an earlier one's. */
  readonly packages: readonly LockedPackage[];
  /** Symbolic links made besides, path → target; those of the merged /usr come first and apply to the packages' paths. */
  readonly links: Readonly<Record<string, string>>;
  /** Small files made besides, path → text. */
  readonly files: Readonly<Record<string, string>>;
  /** Path prefixes that are left out. */
  readonly exclude: readonly string[];
  /** Whether `ldconfig` writes the linker's cache. */
  readonly ldconfig: boolean;
  /** Variables of every step that runs in the image. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Raised when the same packages would give other bytes than before. */
const ASSEMBLER = 1;

/** What {@linkcode imageId} hashes; kept in manifests so that `why` can name a changed package. */
export function imageInputs(image: Image): Json {
  return {
    assembler: ASSEMBLER,
    packages: image.packages.map((locked) => [locked.name, locked.version, locked.sha256]),
    links: image.links,
    files: image.files,
    exclude: image.exclude,
    ldconfig: image.ldconfig,
  };
}

/** The identity of an image: what it is made of, known before anything is fetched. */
export function imageId(image: Image): StepId {
  return digestOfJson(imageInputs(image)) as StepId;
}

/** The identity of one unpacked package. */
export function packageId(sha256: string, exclude: readonly string[]): StepId {
  return digestOfJson(packageInputs(sha256, exclude)) as StepId;
}

/** What {@linkcode packageId} hashes. */
export function packageInputs(sha256: string, exclude: readonly string[]): Json {
  return { assembler: ASSEMBLER, package: sha256, exclude };
}
