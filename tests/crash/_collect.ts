/**
 * Garbage collection in a process of its own, to be killed or to run beside builds.
 *
 *     deno run -A tests/crash/_collect.ts STORE MAX_BYTES
 *
 * prints "ready" before it begins and "done" at the end.
 *
 * @module
 */
import { denoHost } from "../../engine/deno_host.ts";
import { Store } from "../../engine/store/mod.ts";
import { collectGarbage, takeStore } from "../../engine/store/upkeep.ts";

if (import.meta.main) {
  const [root = "", maxBytes = "0"] = Deno.args;
  const host = denoHost();
  const store = Store.open(host, root);
  using _alone = await takeStore({ host, root }, { signal: new AbortController().signal });
  console.log("ready");
  collectGarbage(host, store, { keepMs: 0, maxBytes: Number(maxBytes) });
  console.log("done");
}
