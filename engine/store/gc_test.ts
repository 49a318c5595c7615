import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import type { Host } from "../host.ts";
import { filesBelow } from "./_testing.ts";
import { SmallGraph } from "./_testing_graph.ts";
import { collectGarbage, type GcOptions, type GcReport } from "./gc.ts";
import { storeStats } from "./stats.ts";
import { recordUses } from "./uses.ts";
import { verifyStore } from "./verify_store.ts";

const DAY_MS = 24 * 3600_000;
const real = denoHost();
let folder: string;
let graph: SmallGraph;

/** The machine, some days later: what was made now is older than any grace period then. */
function later(days: number): Host {
  return { ...real, clock: { ...real.clock, now: () => Date.now() + days * DAY_MS } };
}

function gc(options: Partial<GcOptions> = {}, host = real): GcReport {
  return collectGarbage(host, graph.store, { keepMs: 14 * DAY_MS, ...options });
}

function removedNames(report: GcReport): Record<string, number> {
  return Object.fromEntries(
    Object.entries(report.removed).filter(([, { count }]) => count > 0).map((
      [name, { count }],
    ) => [name, count]),
  );
}

/** What `du` says of the store. */
function diskUse(): number {
  const { stdout } = new Deno.Command("du", { args: ["-s", "--block-size=1", folder] }).outputSync();
  return Number(new TextDecoder().decode(stdout).split("\t")[0]);
}

describe("collectGarbage()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-gc-" });
    graph = new SmallGraph(real, folder);
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("removes nothing of what was used lately or is the latest of its name", () => {
    const first = graph.step("a", { sources: ["tarball", "alias of one"], files: { "x.txt": "x" } });
    const second = graph.step("b", { reads: [first] });
    const before = filesBelow(folder);
    expect(removedNames(gc())).toEqual({});
    expect(filesBelow(folder)).toEqual(before);
    // However old: `latest/` names them.
    const report = gc({}, later(100));
    expect(removedNames(report)).toEqual({});
    expect([first, second, graph.image, graph.package].map((one) => graph.isWhole(one))).toEqual(
      [true, true, true, true],
    );
  });

  it("removes former builds that were not used within the grace period, with all that only they refer to", () => {
    const old = graph.step("a", { version: 1, sources: ["old tarball"], files: { "x.txt": "old" } });
    const current = graph.step("a", { version: 2, files: { "x.txt": "new" } });
    graph.age(old, 20);
    const report = gc();
    // Its output, log, input and download; "bin/run.sh" is the same in both.
    expect(removedNames(report)).toEqual({ steps: 1, checkouts: 2, blobs: 4 });
    expect([graph.store.hit(old.id), graph.isWhole(current)]).toEqual([undefined, true]);
    expect(verifyStore(real, folder)).toMatchObject({ damages: [], absent: [] });
  });

  it("keeps what a build used, though it was made long ago", () => {
    const old = graph.step("a", { version: 1 });
    graph.step("a", { version: 2 });
    graph.age(old, 20);
    recordUses(real, folder, [old.id]);
    expect(removedNames(gc())).toEqual({});
    expect(removedNames(gc({ keepMs: 0 }, later(1)))).toMatchObject({ steps: 1 });
  });

  it("keeps young blobs that nothing refers to yet, and takes old ones", () => {
    const digest = graph.putSource("of an interrupted build");
    expect(removedNames(gc())).toEqual({});
    expect(removedNames(gc({}, later(15)))).toEqual({ blobs: 1 });
    expect(graph.store.has(digest)).toBe(false);
  });

  it("removes old partial downloads, logs of failures and records of uses, and keeps aliases", () => {
    const old = graph.step("a", { version: 1, sources: ["alias of old"] });
    graph.step("a", { version: 2 });
    recordUses(real, folder, [old.id]);
    graph.age(old, 20);
    for (const [name, days] of [["old", 20], ["new", 1]] as const) {
      for (const path of [`downloads/${name}.part`, `logs/${name}.log`]) {
        Deno.writeTextFileSync(join(folder, path), "text");
        real.fs.utime(join(folder, path), Date.now() - days * DAY_MS);
      }
    }
    Deno.writeTextFileSync(join(folder, "locks", "step-killed.lock"), "");
    expect(removedNames(gc())).toMatchObject({ "partial downloads": 1, "logs of failures": 1, steps: 1 });
    const left = Object.keys(filesBelow(folder)).filter((path) =>
      !/^(blobs|manifests|checkouts|latest)/.test(path)
    );
    expect(left.sort()).toEqual([
      "CACHEDIR.TAG",
      "aliases/sha512%3Aalias%20of%20old",
      "downloads/new.part",
      "logs/new.log",
      "version",
    ]);
  });

  it("drops least recently used manifests until the store fits a size, steps before their image", () => {
    const steps = [1, 2, 3, 4].map((version) => {
      const step = graph.step("a", { version, made: { out: String(version).repeat(100_000) } });
      graph.age(step, 10 - version);
      return step;
    });
    graph.age(graph.image, 30);
    graph.age(graph.package, 30);
    const maxBytes = storeStats(real, folder).diskBytes - 150_000;
    const report = gc({ maxBytes });
    expect(steps.map((step) => graph.isWhole(step))).toEqual([false, false, true, true]);
    expect(graph.isWhole(graph.image)).toBe(true);
    expect(report.keptBytes <= maxBytes).toBe(true);
    expect(verifyStore(real, folder).damages).toEqual([]);

    expect(removedNames(gc({ maxBytes: 0 }))).toMatchObject({ steps: 2, images: 1, packages: 1 });
    expect(filesBelow(join(folder, "blobs"))).toEqual({});
    expect(filesBelow(join(folder, "latest"))).toEqual({});
  });

  it("says what it frees, to the byte", () => {
    const old = graph.step("a", {
      version: 1,
      files: { "deep/x.txt": "old" },
      made: { out: "x".repeat(50_000) },
    });
    graph.step("a", { version: 2 });
    graph.age(old, 20);
    const planned = gc({ dryRun: true });
    const before = diskUse();
    const report = gc();
    expect(report).toEqual(planned);
    expect(report.freedBytes).toBe(before - diskUse());
    expect(report.keptBytes).toBe(diskUse());
  });

  it("changes nothing on a dry run", () => {
    graph.age(graph.step("a", { version: 1 }), 20);
    graph.step("a", { version: 2 });
    const before = filesBelow(folder);
    expect(removedNames(gc({ dryRun: true }))).toMatchObject({ steps: 1 });
    expect(filesBelow(folder)).toEqual(before);
  });

  it("leaves whole entries or none wherever it is stopped, and ends what it began the next time", () => {
    for (let stopAt = 0;; stopAt++) {
      Deno.removeSync(folder, { recursive: true });
      graph = new SmallGraph(real, folder);
      const old = graph.step("a", { version: 1, sources: ["alias of old"], files: { "x.txt": "old" } });
      const current = graph.step("a", { version: 2, files: { "x.txt": "new" } });
      const unused = graph.step("b");
      for (const step of [old, unused]) graph.age(step, 20);
      Deno.removeSync(join(folder, "latest", "b"));
      let calls = 0;
      const fs = new Proxy(real.fs, {
        get(target, name: keyof typeof real.fs) {
          if (!["remove", "rename", "mkdir", "tryLock"].includes(name)) return target[name];
          return (...args: unknown[]) => {
            // A killed process makes no more calls at all.
            if (calls++ >= stopAt) throw new Error("killed");
            return (target[name] as (...args: unknown[]) => unknown)(...args);
          };
        },
      });
      const stopped = { ...real, fs };
      try {
        collectGarbage(stopped, graph.store, { keepMs: 14 * DAY_MS });
      } catch {
        // As planned.
      }
      expect([graph.isWhole(current), graph.isWhole(graph.image)]).toEqual([true, true]);
      expect(verifyStore(real, folder).damages).toEqual([]);
      gc();
      // Blobs that have lost a hard link a moment ago look young.
      gc({}, later(15));
      expect(graph.isWhole(current)).toBe(true);
      expect(Object.values(filesBelow(join(folder, "blobs"))).filter((text) => text.includes("old"))).toEqual(
        [],
      );
      expect(filesBelow(join(folder, "tmp"))).toEqual({});
      if (calls < stopAt) return;
    }
  });
});
