/**
 * Folders that a command will write to, tried before minutes of work.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { EngineError, explainIo, type Host } from "../engine/mod.ts";

/**
 * Passes if a folder can be written to, or made. Leaves nothing behind.
 *
 * @param option that named it, for the hint
 * @throws {EngineError} "usage" if a file stands in its way; "permission", "read-only", "disk-full"
 */
export function assertOutputFolder(host: Host, folder: string, option: string): void {
  const hint = `Name a folder that can be written to with ${option}`;
  const existing = nearestExisting(host, resolve(folder));
  if (host.fs.lstat(host.fs.realPath(existing))?.kind !== "directory") {
    throw new EngineError("usage", `Cannot write to "${folder}": "${existing}" is not a folder`, { hint });
  }
  const probe = join(existing, `.vkforge-${crypto.randomUUID()}`);
  try {
    host.fs.mkdir(probe);
    host.fs.remove(probe);
  } catch (error) {
    const { code, message } = explainIo(error, `write to "${folder}"`);
    throw new EngineError(code, message, { hint, cause: error });
  }
}

function nearestExisting(host: Host, path: string): string {
  try {
    host.fs.realPath(path);
    return path;
  } catch {
    return path === "/" ? path : nearestExisting(host, dirname(path));
  }
}
