import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { SmallGraph } from "./_testing_graph.ts";
import { storeStats } from "./stats.ts";

const host = denoHost();
let folder: string;
let graph: SmallGraph;

function counts(): Record<string, number> {
  const { kinds } = storeStats(host, folder);
  return Object.fromEntries(
    Object.entries(kinds).filter(([, { count }]) => count > 0).map(([kind, { count }]) => [kind, count]),
  );
}

function diskUse(): number {
  const { stdout } = new Deno.Command("du", { args: ["-s", "--block-size=1", folder] }).outputSync();
  return Number(new TextDecoder().decode(stdout).split("\t")[0]);
}

describe("storeStats()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-stats-" });
    graph = new SmallGraph(host, folder);
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("counts what there is by kind", () => {
    const first = graph.step("a", { sources: ["tarball", "alias"], files: { "x.txt": "x", "y.txt": "y" } });
    graph.step("b", { reads: [first] });
    Deno.writeTextFileSync(join(folder, "downloads", "half.part"), "half");
    Deno.writeTextFileSync(join(folder, "logs", "failed.log"), "log");
    using _work = graph.store.workFolder();
    graph.putSource("nobody's");
    expect(counts()).toEqual({
      packages: 1,
      images: 1,
      steps: 2,
      "step logs": 2,
      // The package's own archive too.
      downloads: 3,
      inputs: 2,
      // The image's, the two steps', the files of "a" and the none of "b".
      checkouts: 5,
      "partial downloads": 1,
      "logs of failures": 1,
      // A folder and its lock.
      "work in progress": 2,
      unreferenced: 1,
    });
  });

  it("takes the same of the disk as du, hard links once", () => {
    graph.step("a", { files: { "deep/er/x.txt": "x".repeat(10_000) }, made: { out: "y".repeat(100_000) } });
    Deno.mkdirSync(join(folder, "apt", "lists"), { recursive: true });
    Deno.writeTextFileSync(join(folder, "apt", "lists", "Packages"), "z".repeat(20_000));
    const stats = storeStats(host, folder);
    expect(stats.diskBytes).toBe(diskUse());
    expect(stats.kinds.steps.diskBytes >= 100_000).toBe(true);
    expect(stats.kinds.checkouts.diskBytes < 100_000).toBe(true);
    expect(stats.kinds.rest.diskBytes >= 20_000).toBe(true);
  });

  it("counts damaged manifests as unreferenced", () => {
    const step = graph.step("a");
    Deno.truncateSync(join(folder, "manifests", `${step.id}.json`), 10);
    // The manifest, its two files, its log, its checkout and that of no files.
    expect(counts()).toEqual({ packages: 1, images: 1, downloads: 1, checkouts: 1, unreferenced: 6 });
  });
});
