/**
 * The store for people: what it holds, what is damaged, what went.
 *
 * @module
 */
import { COLLECTED, type GcReport, KINDS, type StoreCheck, type StoreStats } from "../engine/store/upkeep.ts";
import { formatBytes, formatCount, layoutTable } from "./format.ts";

/** What a store holds. */
export function statsLines(stats: StoreStats, root: string): string[] {
  const rows = KINDS.flatMap((kind) => {
    const { count, diskBytes } = stats.kinds[kind];
    if (count === 0 && diskBytes === 0) return [];
    return [[kind, count === 0 ? "" : String(count), formatBytes(diskBytes)]];
  });
  const { unreferenced } = stats.kinds;
  return [
    `Store ${root}`,
    "",
    ...layoutTable([...rows, ["total", "", formatBytes(stats.diskBytes)]], { align: "lrr" }).map((line) =>
      `  ${line}`
    ),
    ...unreferenced.count === 0 ? [] : [
      "",
      `Nothing refers to ${formatCount(unreferenced.count, "thing")} of ${
        formatBytes(unreferenced.diskBytes)
      }; ` +
      "`deno task cache gc` removes what is older than its grace period",
    ],
  ];
}

/** What a check of the store found; `repaired` where it was removed. */
export function checkLines(check: StoreCheck, options: { readonly repaired: boolean }): string[] {
  const { damages, absent, checked } = check;
  const extent = `${formatCount(checked.blobs, "blob")} (${formatBytes(checked.hashedBytes)}), ` +
    `${formatCount(checked.manifests, "manifest")}, ${formatCount(checked.checkouts, "checkout")}`;
  const found = formatCount(damages.length, "damage");
  return [
    ...damages.map(({ path, problem }) => `${path}\n  ${problem}`),
    ...damages.length === 0 ? [] : [""],
    damages.length === 0
      ? `All is whole: ${extent}`
      : options.repaired
      ? `Removed what had ${found}; the next build makes it again. Checked ${extent}`
      : `Found ${found}. Checked ${extent}`,
    ...absent.length === 0 ? [] : [
      `Not here, and made or fetched again when needed: ${
        formatCount(absent.length, "package, download or input", "packages, downloads or inputs")
      }`,
    ],
  ];
}

/** What a collection removed, or would remove. */
export function gcLines(report: GcReport, options: { readonly dryRun: boolean }): string[] {
  const rows = COLLECTED.flatMap((kind) => {
    const { count, diskBytes } = report.removed[kind];
    return count === 0 ? [] : [[kind, String(count), formatBytes(diskBytes)]];
  });
  const kept = formatBytes(report.keptBytes);
  if (rows.length === 0) return [`Nothing to remove; the store takes ${kept}`];
  const freed = formatBytes(report.freedBytes);
  return [
    ...layoutTable(rows, { align: "lrr" }).map((line) => `  ${line}`),
    "",
    options.dryRun
      ? `Would free ${freed}; the store would take ${kept}`
      : `Freed ${freed}; the store takes ${kept}`,
  ];
}
