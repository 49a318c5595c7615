/**
 * A bundle as a folder that can be carried to a machine without a network.
 *
 * @module
 */
import { join } from "node:path";
import type { Host } from "../../engine/mod.ts";
import type { Bundle } from "./bundle.ts";
import { bundleDigest, manifestFiles } from "./bundle.ts";
import type { BundleManifest } from "./bundle_manifest.ts";
import type { Job } from "./replay.ts";
import { copyFile } from "./stage.ts";

/** What {@linkcode writeBundle} writes besides the files. */
export interface WriteBundleOptions {
  readonly host: Host;
  /** A new folder. */
  readonly folder: string;
  readonly jobs: readonly Job[];
  readonly about: Omit<BundleManifest, "schema" | "kind" | "digest" | "platform" | "driver" | "files">;
}

/** Writes the folder, the manifest last. */
export function writeBundle(
  bundle: Bundle,
  { host, folder, jobs, about }: WriteBundleOptions,
): BundleManifest {
  host.fs.mkdir(folder);
  for (const file of bundle.files) copyFile(host, file, join(folder, file.path));
  // Words have no spaces: folders, files and options are named by this project.
  const lines = jobs.map(({ name, words }) => `${name}\t${words.map(assertWord).join(" ")}\n`);
  host.fs.writeFile(join(folder, "jobs"), lines.join(""));
  const files = manifestFiles(bundle);
  const manifest: BundleManifest = {
    schema: 1,
    kind: "vkforge-bundle",
    digest: bundleDigest(files),
    platform: bundle.platform,
    driver: bundle.driver,
    ...about,
    files,
  };
  host.fs.writeFile(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

function assertWord(word: string): string {
  if (!/^[\w./,:+=@%-]+$/.test(word)) throw new TypeError(`"${word}" cannot be a word of a bundle's jobs`);
  return word;
}
