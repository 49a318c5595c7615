/**
 * A pull in a process of its own, to be killed.
 *
 *     deno run -A tests/crash/_registry_pull.ts FOLDER REGISTRY
 *
 * prints "ready" before it begins and "done" at the end.
 *
 * @module
 */
import { denoHost } from "../../engine/deno_host.ts";
import { Machine } from "../registry/_shared_steps.ts";

if (import.meta.main) {
  const [folder = "", registry = ""] = Deno.args;
  const machine = new Machine(denoHost(), folder);
  // What is loaded late is loaded before the clock starts.
  machine.plan();
  console.log("ready");
  await machine.pull(machine.client(registry));
  console.log("done");
  Deno.exit(0);
}
