/**
 * `deno task cache`: look after the store. One file for each thing to do with it.
 *
 * @module
 */
import { EngineError, type Host } from "../engine/mod.ts";
import { addGc } from "./_cache_gc.ts";
import { addPull } from "./_cache_pull.ts";
import { addPush } from "./_cache_push.ts";
import { addStats } from "./_cache_stats.ts";
import { addVerify } from "./_cache_verify.ts";
import { baseCommand } from "./_options.ts";

/** The command. */
export function command(host: Host) {
  const cache = cacheCommand();
  addStats(cache, host);
  addVerify(cache, host);
  addGc(cache, host);
  addPush(cache, host);
  addPull(cache, host);
  return cache;
}

/** What the commands below `cache` hang on. */
export type CacheCommand = ReturnType<typeof cacheCommand>;

function cacheCommand() {
  // Before the others are added: they take these over.
  return baseCommand("cache", "Look after the store, and share it: stats, verify, gc, push, pull")
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .configureHelp({ showGlobalOptions: true })
    .usage("[options] <command>")
    .argument("[command]")
    .addHelpText("after", EXAMPLES)
    .action((name, _values, cache) => {
      const names = cache.commands.map((one) => one.name()).join(", ");
      throw new EngineError(
        "usage",
        name === undefined ? "No command given" : `Unknown command "cache ${name}"`,
        {
          hint: `Commands are: ${names}`,
        },
      );
    });
}

const EXAMPLES = `
Examples:
  deno task cache stats
  deno task cache verify --repair
  deno task cache gc --keep-days 7 --max-size 20GB
  deno task cache push --cache ghcr.io/acme/vkforge
  deno task cache pull --cache ghcr.io/acme/vkforge
`;
