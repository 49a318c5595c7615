/**
 * `deno task cache verify`: whether the store is whole.
 *
 * @module
 */
import { EXIT, type Host } from "../engine/mod.ts";
import { Store } from "../engine/store/mod.ts";
import { repairStore, shareStore, takeStore, verifyStore } from "../engine/store/upkeep.ts";
import { checkLines } from "../ui/store.ts";
import { storeRoot } from "./_session.ts";
import { waitOptions } from "./_store_wait.ts";
import type { CacheCommand } from "./cache.ts";

/** Adds the command. */
export function addVerify(cache: CacheCommand, host: Host): void {
  cache.command("verify")
    .summary("hash everything in the store")
    .description(
      "Hash every blob, parse every manifest, follow every name, compare every checkout with its tree",
    )
    .option(
      "--repair",
      "remove what is damaged, so that it is built again; waits until no build uses the store",
    )
    .addHelpText("after", EXAMPLES)
    .action(async ({ repair }, command) => {
      const { json } = command.optsWithGlobals();
      const { root } = Store.open(host, storeRoot(host));
      const place = { host, root };
      using _lease = repair ? await takeStore(place, waitOptions()) : await shareStore(place, waitOptions());
      const check = verifyStore(host, root);
      if (repair) repairStore(host, root, check.damages);
      const ok = repair === true || check.damages.length === 0;
      if (json) {
        const repaired = repair === true;
        console.log(
          JSON.stringify({ schema: 1, command: "cache verify", ok, store: root, repaired, ...check }),
        );
      } else {
        for (const line of checkLines(check, { repaired: repair === true })) console.log(line);
        if (!ok) {
          console.error("hint: `deno task cache verify --repair` removes it; the next build makes it again");
        }
      }
      if (!ok) Deno.exitCode = EXIT.failed;
    });
}

const EXAMPLES = `
Examples:
  deno task cache verify
  deno task cache verify --repair
  deno task cache verify --json

Exit code 1: something is damaged and still there.
`;
