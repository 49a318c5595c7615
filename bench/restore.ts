/**
 * What it costs to give a step a tree of the store, beside `cp -r` of the same tree: as large and with as many files as
 * the image of the main job.
 *
 * A tree is restored as hard links to the store's own files. That is safe because nobody can write through them: a
 * sandbox mounts the tree read-only, the files have no bit for writing, and a container engine gets a copy.
 *
 * @module
 */
import { join } from "node:path";
import { denoHost } from "../engine/deno_host.ts";
import type { StepId } from "../engine/digest.ts";
import { Store } from "../engine/store/mod.ts";
import { type FileEntry, toTree, type Tree } from "../engine/tree/mod.ts";
import { layoutTable } from "../ui/format.ts";
import { compareArms, type PartResult, timed } from "./measure.ts";

/** How large the tree is. */
export interface TreeSize {
  readonly bytes: number;
  readonly files: number;
}

/** The image of the main job has 27,161 files. */
export const IMAGE_SIZE: TreeSize = { bytes: 1.5e9, files: 27_000 };

const ROUNDS = 5;

/** Fills a store and measures. */
export async function measureRestore(folder: string, size: TreeSize = IMAGE_SIZE): Promise<PartResult> {
  const root = join(folder, "store");
  const tree = fill(Store.open(denoHost(), root), size);
  const id = "0".repeat(64) as StepId;
  Store.open(denoHost(), root).publish({ id, kind: "step", name: "tree", inputs: {}, tree, durationMs: 0 });
  const place = join(folder, "place");
  const original = Store.open(denoHost(), root).checkout(tree);
  const cleared = async (run: () => void | Promise<void>) => {
    await Deno.remove(place, { recursive: true }).catch(() => {});
    return await timed(run);
  };
  const found = await compareArms({
    // As the engine does it: the manifest and each blob looked up, the tree laid out.
    restore: () =>
      cleared(() => {
        const store = Store.open(denoHost(), root);
        const manifest = store.hit(id);
        if (manifest === undefined) throw new Error("The store lost the tree");
        store.layOut(manifest.tree, place);
      }),
    // A second use finds the tree laid out, and looks whether it is whole.
    again: () => timed(() => void Store.open(denoHost(), root).checkout(tree)),
    copy: () => cleared(() => copy(original, place)),
  }, ROUNDS);
  const ratio = found.copy / found.restore;
  return {
    figures: [{
      what: "restoring a cached tree of 1.5 GB, speed beside `cp -r`",
      value: ratio,
      unit: "×",
      goal: { atLeast: 0.7 },
    }],
    lines: [
      `A tree of ${size.files} files and ${(size.bytes / 1e9).toFixed(1)} GB, medians of ${ROUNDS}`,
      "",
      ...layoutTable([
        ["", "time", "speed beside cp -r"],
        ["cp -r", `${found.copy.toFixed(0)} ms`, "1.0"],
        ["restored", `${found.restore.toFixed(0)} ms`, ratio.toFixed(1)],
        [
          "restored before, looked at again",
          `${found.again.toFixed(0)} ms`,
          (found.copy / found.again).toFixed(1),
        ],
      ], { align: "lrr" }),
    ],
  };
}

/** Few large files and many small ones, as in an image; no two alike. */
function fill(store: Store, { bytes, files }: TreeSize): Tree {
  using work = store.workFolder();
  const pattern = crypto.getRandomValues(new Uint8Array(1 << 16));
  const entries: FileEntry[] = [];
  const weights = Array.from({ length: files }, (_, index) => 1 / (index + 10));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  for (const [index, weight] of weights.entries()) {
    const path = join(work.path, "file");
    using file = Deno.openSync(path, { write: true, create: true, truncate: true });
    file.writeSync(new TextEncoder().encode(`${index}\n`));
    for (let left = Math.round(bytes * weight / sum); left > 0; left -= pattern.length) {
      file.writeSync(pattern.subarray(0, Math.min(left, pattern.length)));
    }
    const { digest, sizeBytes } = store.ingest(path);
    entries.push({ kind: "file", path: `d${index % 2000}/f${index}`, digest, sizeBytes, executable: false });
  }
  return toTree(entries);
}

async function copy(from: string, to: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("cp", { args: ["-r", from, to], stdout: "null" })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
