import { describe, expect, it } from "vitest";
import { COLLECTED, type GcReport, KINDS, type StoreStats } from "../engine/store/upkeep.ts";
import { checkLines, gcLines, statsLines } from "./store.ts";

function statsOf(kinds: Record<string, [count: number, diskBytes: number]>): StoreStats {
  const amounts = KINDS.map((kind) => {
    const [count, diskBytes] = kinds[kind] ?? [0, 0];
    return [kind, { count, diskBytes }] as const;
  });
  return {
    kinds: Object.fromEntries(amounts) as StoreStats["kinds"],
    blobs: { count: 0, diskBytes: 0 },
    diskBytes: amounts.reduce((sum, [, { diskBytes }]) => sum + diskBytes, 0),
  };
}

function gcReport(removed: Record<string, [count: number, diskBytes: number]>): GcReport {
  const entries = COLLECTED.map((kind) => {
    const [count, diskBytes] = removed[kind] ?? [0, 0];
    return [kind, { count, diskBytes }] as const;
  });
  return {
    removed: Object.fromEntries(entries) as GcReport["removed"],
    freedBytes: entries.reduce((sum, [, { diskBytes }]) => sum + diskBytes, 0),
    keptBytes: 3_400_000_000,
  };
}

const checked = { blobs: 1234, manifests: 12, checkouts: 1, hashedBytes: 1_500_000_000 };

describe("statsLines()", () => {
  it("lists what there is and the total", () => {
    const stats = statsOf({ packages: [13, 45_600_000], steps: [4, 1_200_000], rest: [0, 4096] });
    expect(statsLines(stats, "/store")).toEqual([
      "Store /store",
      "",
      "  packages  13  45.6 MB",
      "  steps      4  1.20 MB",
      "  rest          4.10 kB",
      "  total         46.8 MB",
    ]);
  });

  it("says what can be done about what nothing refers to", () => {
    expect(statsLines(statsOf({ unreferenced: [2, 5000] }), "/store").at(-1)).toBe(
      "Nothing refers to 2 things of 5.00 kB; `deno task cache gc` removes what is older than its grace period",
    );
  });
});

describe("checkLines()", () => {
  it("says what was checked", () => {
    expect(checkLines({ damages: [], absent: [], checked }, { repaired: false })).toEqual([
      "All is whole: 1,234 blobs (1.50 GB), 12 manifests, 1 checkout",
    ]);
  });

  it("lists damages, and what became of them", () => {
    const damages = [{ kind: "blob", path: "blobs/ab/cd", problem: "is not there" } as const];
    const check = { damages, absent: ["manifests/1.json"], checked };
    expect(checkLines(check, { repaired: false })).toEqual([
      "blobs/ab/cd\n  is not there",
      "",
      "Found 1 damage. Checked 1,234 blobs (1.50 GB), 12 manifests, 1 checkout",
      "Not here, and made or fetched again when needed: 1 package, download or input",
    ]);
    expect(checkLines(check, { repaired: true })[2]).toContain(
      "Removed what had 1 damage; the next build makes it again",
    );
  });
});

describe("gcLines()", () => {
  it("lists what went and what is left", () => {
    const report = gcReport({ steps: [2, 8192], blobs: [10, 1_000_000_000] });
    expect(gcLines(report, { dryRun: false })).toEqual([
      "  steps   2  8.19 kB",
      "  blobs  10  1.00 GB",
      "",
      "Freed 1.00 GB; the store takes 3.40 GB",
    ]);
    expect(gcLines(report, { dryRun: true }).at(-1)).toBe("Would free 1.00 GB; the store would take 3.40 GB");
  });

  it("says when there is nothing to remove", () => {
    expect(gcLines(gcReport({}), { dryRun: false })).toEqual(["Nothing to remove; the store takes 3.40 GB"]);
  });
});
