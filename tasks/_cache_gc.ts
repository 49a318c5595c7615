/**
 * `deno task cache gc`: make room.
 *
 * @module
 */
import type { Host } from "../engine/mod.ts";
import { Store } from "../engine/store/mod.ts";
import { collectGarbage, shareStore, takeStore } from "../engine/store/upkeep.ts";
import { gcLines } from "../ui/store.ts";
import { storeRoot } from "./_session.ts";
import { parseDays, parseSize } from "./_store_options.ts";
import { waitOptions } from "./_store_wait.ts";
import type { CacheCommand } from "./cache.ts";

const DAY_MS = 24 * 60 * 60_000;

/** Adds the command. */
export function addGc(cache: CacheCommand, host: Host): void {
  cache.command("gc")
    .summary("remove what nothing leads to any more")
    .description(
      "Remove what no latest build and no build of the last days leads to; waits until no build uses the store",
    )
    .option("--keep-days <days>", "keep what was used within this time", parseDays, 14)
    .option(
      "--max-size <size>",
      "then remove what was used longest ago until the store fits, such as 20GB",
      parseSize,
    )
    .option("--dry-run", "only say what would go")
    .addHelpText("after", EXAMPLES)
    .action(async ({ keepDays, maxSize, dryRun = false }, command) => {
      const { json } = command.optsWithGlobals();
      const store = Store.open(host, storeRoot(host));
      const place = { host, root: store.root };
      using _lease = dryRun ? await shareStore(place, waitOptions()) : await takeStore(place, waitOptions());
      const report = collectGarbage(host, store, {
        keepMs: keepDays * DAY_MS,
        dryRun,
        ...(maxSize === undefined ? {} : { maxBytes: maxSize }),
      });
      if (json) {
        const document = { schema: 1, command: "cache gc", ok: true, store: store.root, dryRun, ...report };
        console.log(JSON.stringify(document));
      } else for (const line of gcLines(report, { dryRun })) console.log(line);
    });
}

const EXAMPLES = `
Examples:
  deno task cache gc
  deno task cache gc --dry-run
  deno task cache gc --keep-days 7 --max-size 20GB
  deno task cache gc --keep-days 0 --max-size 0     everything
`;
