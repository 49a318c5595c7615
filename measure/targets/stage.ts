/**
 * Laying out files of a bundle in a folder, as they are to lie on the other side.
 *
 * @module
 */
import { dirname, join } from "node:path";
import type { Host } from "../../engine/mod.ts";
import type { BundleFile } from "./bundle.ts";

/** Links the files into a folder where it can, and copies them where it cannot. */
export function stageFiles(host: Host, files: readonly BundleFile[], folder: string): void {
  const { fs } = host;
  for (const file of files) {
    const path = join(folder, file.path);
    fs.mkdir(dirname(path));
    // The store's files have the mode that they are to have there; others are copied and given it.
    if (isStored(host, file)) {
      try {
        fs.link(file.source, path);
        continue;
      } catch {
        // Another file system.
      }
    }
    copyFile(host, file, path);
  }
}

/** Copies a file; the copy can be changed. */
export function copyFile(host: Host, { source, executable }: BundleFile, path: string): void {
  host.fs.mkdir(dirname(path));
  host.fs.copyFile(source, path);
  host.fs.chmod(path, executable ? 0o755 : 0o644);
}

function isStored(host: Host, { source, executable }: BundleFile): boolean {
  const mode = host.fs.lstat(source)?.mode ?? 0;
  return (mode & 0o222) === 0 && ((mode & 0o111) !== 0) === executable;
}
