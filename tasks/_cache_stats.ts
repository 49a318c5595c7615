/**
 * `deno task cache stats`: what the store holds.
 *
 * @module
 */
import type { Host } from "../engine/mod.ts";
import { Store } from "../engine/store/mod.ts";
import { storeStats } from "../engine/store/upkeep.ts";
import { statsLines } from "../ui/store.ts";
import { storeRoot } from "./_session.ts";
import type { CacheCommand } from "./cache.ts";

/** Adds the command. */
export function addStats(cache: CacheCommand, host: Host): void {
  cache.command("stats")
    .summary("what the store holds, by kind")
    .description("Count what the store holds and what it takes on the disk; hard links count once")
    .addHelpText("after", EXAMPLES)
    .action((_values, command) => {
      const { json } = command.optsWithGlobals();
      const { root } = Store.open(host, storeRoot(host));
      const stats = storeStats(host, root);
      if (json) {
        console.log(JSON.stringify({ schema: 1, command: "cache stats", ok: true, store: root, ...stats }));
      } else for (const line of statsLines(stats, root)) console.log(line);
    });
}

const EXAMPLES = `
Examples:
  deno task cache stats
  deno task cache stats --json
`;
