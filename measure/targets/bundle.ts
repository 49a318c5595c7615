/**
 * What goes to another machine: runner, libraries, models, inputs and a script that starts them, as one folder with the
 * digest of every file.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { Sha256 } from "../runner_result.ts";

/** What a program needs of the machine it runs on. */
export const Platform = z.object({
  /** As `uname -m` says it, or Android's name of an ABI. */
  abi: z.string(),
  /** Programs for "glibc" bring their own loader; those for "bionic" use Android's. */
  libc: z.enum(["glibc", "bionic"]),
});

/** What a program needs of the machine it runs on. */
export type Platform = z.infer<typeof Platform>;

/** Whose Vulkan driver is used: the device's own, or the one that the bundle carries. */
export const BUNDLE_DRIVERS = ["device", "swiftshader"] as const;

/** One of {@linkcode BUNDLE_DRIVERS}. */
export type BundleDriver = typeof BUNDLE_DRIVERS[number];

/** A file of a bundle. */
export interface BundleFile {
  /** In the bundle, with slashes. */
  readonly path: string;
  /** On this machine. */
  readonly source: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly executable: boolean;
}

/** A bundle whose files still lie where they were made. */
export interface Bundle {
  readonly platform: Platform;
  readonly driver: BundleDriver;
  /** By path; each once. */
  readonly files: readonly BundleFile[];
  /** Folders of the bundle by the folders of this machine that they come from: how a run request is understood. */
  readonly folders: ReadonlyMap<string, string>;
}

/** A file as the manifest names it. */
export const ManifestFile = z.object({
  path: z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/, "not a path inside the bundle"),
  sha256: Sha256,
  sizeBytes: z.int().nonnegative(),
  executable: z.boolean(),
});

/** Digest of what a bundle holds: the same for the same files under the same names. */
export function bundleDigest(files: readonly z.infer<typeof ManifestFile>[]): string {
  const lines = files.map(({ path, sha256, executable }) => `${sha256} ${executable ? "x" : "-"} ${path}\n`);
  return createHash("sha256").update(lines.sort().join("")).digest("hex");
}

/** The files of a manifest, sorted by path. */
export function manifestFiles(bundle: Pick<Bundle, "files">): z.infer<typeof ManifestFile>[] {
  return bundle.files.map(({ path, sha256, sizeBytes, executable }) => ({
    path,
    sha256,
    sizeBytes,
    executable,
  }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
