/**
 * What a step's output may hold, by names alone.
 *
 * @module
 */

/** Whether a path is a declared output, below one, or a folder on the way to one. */
export function isDeclared(path: string, outputs: readonly string[]): boolean {
  return outputs.some((output) =>
    path === output || path.startsWith(`${output}/`) || output.startsWith(`${path}/`)
  );
}

/** Whether a link leads out. A ".." behind a name does too, since the name may be a link to a shallower folder. */
export function leavesFolder(path: string, target: string): boolean {
  if (target.startsWith("/")) return true;
  const parts = target.split("/").filter((part) => part !== "" && part !== ".");
  const names = parts.findIndex((part) => part !== "..");
  const climbs = names === -1 ? parts.length : names;
  return climbs > path.split("/").length - 1 || parts.lastIndexOf("..") >= climbs;
}
