import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { SmallGraph } from "../../engine/store/_testing_graph.ts";
import { repairStore, type StoreCheck, verifyStore } from "../../engine/store/upkeep.ts";
import type { Manifest } from "../../engine/mod.ts";
import { crashRuns, crashSeed, Random } from "./_random.ts";

const host = denoHost();
const RUNS = crashRuns(60);

/** What happens to a file. */
const FAULTS = ["flip", "truncate", "delete"] as const;

describe("bit rot", () => {
  it(`every flipped bit, cut and deletion in a store is found, repaired and built again (${RUNS})`, () => {
    const seed = crashSeed();
    const random = new Random(seed);
    const counts = { flip: 0, truncate: 0, delete: 0 };
    for (let run = 0; run < RUNS; run++) {
      const folder = Deno.makeTempDirSync({ prefix: "vkforge-rot-" });
      try {
        buildAll(folder);
        const fault = random.pick(FAULTS);
        const path = random.pick(filesOf(folder, fault));
        const what = `seed ${seed}, run ${run}: ${fault} ${path}`;
        damage(join(folder, path), fault, random);
        counts[fault]++;

        const check = verifyStore(host, folder);
        expect([what, isFound(path, check)]).toEqual([what, true]);

        repairStore(host, folder, check.damages);
        expect([what, verifyStore(host, folder).damages]).toEqual([what, []]);
        // Whatever is still a hit has the right bytes; the rest is made again.
        const { graph, manifests } = buildAll(folder);
        expect([what, manifests.map((manifest) => graph.isWhole(manifest))]).toEqual(
          [what, manifests.map(() => true)],
        );
        expect([what, verifyStore(host, folder)]).toMatchObject([what, { damages: [], absent: [] }]);
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    }
    console.log(`seed ${seed}: ${JSON.stringify(counts)}, all found`);
  });
});

/** A store with every kind of content; made anew where something is missing. */
function buildAll(folder: string): { graph: SmallGraph; manifests: Manifest[] } {
  const graph = new SmallGraph(host, folder);
  const first = graph.step("first", {
    sources: ["tarball", "alias of a wheel"],
    files: { "a.txt": "a", "deep/b.sh": "b" },
  });
  const second = graph.step("deep/second", {
    reads: [first],
    made: { "lib/x.so": "x".repeat(5000), y: "y" },
  });
  return { graph, manifests: [graph.package, graph.image, first, second] };
}

/**
 * Files that a fault can hit. Deleting a name (`latest/`, `aliases/`) only loses a name: nothing can be served for it,
 * and nothing else says that it was there.
 */
function filesOf(folder: string, fault: typeof FAULTS[number]): string[] {
  const names = fault === "delete" ? [] : ["latest", "aliases"];
  return ["blobs", "manifests", "checkouts", ...names].flatMap((name) => filesBelow(folder, name));
}

function filesBelow(folder: string, relative: string): string[] {
  return [...Deno.readDirSync(join(folder, relative))].flatMap(({ name, isDirectory, isFile }) => {
    const path = `${relative}/${name}`;
    return isDirectory ? filesBelow(folder, path) : isFile ? [path] : [];
  });
}

function damage(path: string, fault: typeof FAULTS[number], random: Random): void {
  if (fault === "delete") return Deno.removeSync(path);
  const { mode, mtime } = Deno.statSync(path);
  const bytes = Deno.readFileSync(path);
  Deno.chmodSync(path, 0o600);
  // In place, through the inode, as a disk does it: a hard link sees it too.
  using file = Deno.openSync(path, { write: true });
  if (fault === "truncate") file.truncateSync(random.below(bytes.length));
  else {
    const bit = random.below(bytes.length * 8);
    file.seekSync(bit >> 3, Deno.SeekMode.Start);
    file.writeSync(Uint8Array.of((bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))));
  }
  Deno.chmodSync(path, mode! & 0o777);
  Deno.utimeSync(path, mtime!, mtime!);
}

function isFound(path: string, { damages, absent }: StoreCheck): boolean {
  const place = path.startsWith("checkouts/") ? path.split("/").slice(0, 2).join("/") : path;
  return damages.some((found) => found.path === place) || absent.includes(path);
}
