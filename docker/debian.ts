/**
 * What all images made of Debian packages share.
 *
 * @module
 */
import type { Image, PackagesLock } from "../engine/mod.ts";

/** Packages by the archive they come from; the archives are in vkforge.lock.json. */
export type Requested = Readonly<Record<string, readonly string[]>>;

/** An image as its folder describes it. `deno task lock` turns it into a list of .deb files. */
export interface ImageSpec {
  readonly name: string;
  /** Folder in the repository; holds packages.lock.json. */
  readonly folder: string;
  /**
   * Packages asked for. Those of the first archive come with all they depend on (no recommendations); those of further
   * archives come alone.
   */
  readonly requested: Requested;
  /** Links that maintainer scripts or the alternatives system would make. */
  readonly links: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly ldconfig: boolean;
  /** Whether `deno task lock` writes a Dockerfile for plain docker users too. */
  readonly dockerfile: boolean;
  /** Archives that are no packages. Steps unpack them; the Dockerfile has them in the image. */
  readonly archives?: readonly ImageArchive[];
}

/** A zip archive of the lock, unpacked in an image. */
export interface ImageArchive {
  /** Name in vkforge.lock.json, of a source of kind https. */
  readonly source: string;
  /** Its one top folder, which `folder` stands for. */
  readonly top: string;
  readonly folder: string;
}

/** The links of Debian's merged /usr: no package holds them. */
const MERGED_USR: Readonly<Record<string, string>> = {
  bin: "usr/bin",
  lib: "usr/lib",
  lib32: "usr/lib32",
  lib64: "usr/lib64",
  libx32: "usr/libx32",
  sbin: "usr/sbin",
};

/** One user besides root, the one that steps run as. */
const FILES: Readonly<Record<string, string>> = {
  "etc/group": "root:x:0:\nbuild:x:1000:\n",
  "etc/hosts": "127.0.0.1 localhost vkforge\n::1 localhost\n",
  "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
  "etc/passwd": "root:x:0:0:root:/root:/bin/bash\nbuild:x:1000:1000:build:/build:/bin/bash\n",
};

/** Texts for people; a fifth of the files, and no step reads them. */
const EXCLUDE: readonly string[] = [
  "usr/share/bug/",
  "usr/share/doc/",
  "usr/share/doc-base/",
  "usr/share/info/",
  "usr/share/lintian/",
  "usr/share/locale/",
  "usr/share/man/",
];

/** The image of a spec and its lock. */
export function debianImage(spec: ImageSpec, lock: PackagesLock): Image {
  return {
    name: spec.name,
    packages: lock.packages,
    links: { ...MERGED_USR, ...spec.links },
    files: FILES,
    exclude: EXCLUDE,
    ldconfig: spec.ldconfig,
    environment: spec.environment,
  };
}
