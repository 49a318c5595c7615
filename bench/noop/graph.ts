/**
 * The graph that every system of the no-op benchmark builds: steps in chains of five that fan out, each with a folder
 * of small files of its own.
 *
 * @module
 */
import { join } from "node:path";

/** How large the graph is. */
export interface GraphSize {
  readonly steps: number;
  /** Files of all steps together. */
  readonly files: number;
}

/** Like the sources of a C++ project: the median file of this size's order. */
const FILE_BYTES = 1024;

/** The name of a step; also of the folder of its files. */
export function stepName(index: number): string {
  return `s${String(index).padStart(4, "0")}`;
}

/** The steps that a step reads: its forerunner in a chain of five, and its parent in a binary tree. */
export function dependenciesOf(index: number): number[] {
  if (index === 0) return [];
  const parent = Math.floor((index - 1) / 2);
  return index % 5 === 0 || parent === index - 1 ? [parent] : [index - 1, parent];
}

/** The steps that no other reads. */
export function targetsOf(steps: number): number[] {
  const read = new Set(Array.from({ length: steps }, (_, index) => dependenciesOf(index)).flat());
  return Array.from({ length: steps }, (_, index) => index).filter((index) => !read.has(index));
}

/**
 * Writes the files of all steps.
 *
 * @param folderOf where a step's files belong
 */
export async function writeSources(size: GraphSize, folderOf: (index: number) => string): Promise<void> {
  const perStep = Math.floor(size.files / size.steps);
  for (let step = 0; step < size.steps; step++) {
    const folder = folderOf(step);
    await Deno.mkdir(folder, { recursive: true });
    for (let file = 0; file < perStep; file++) {
      const name = `file${String(file).padStart(4, "0")}.txt`;
      Deno.writeTextFileSync(join(folder, name), `${stepName(step)}/${name}\n`.padEnd(FILE_BYTES, "x"));
    }
  }
}
