/**
 * A command that has adb open until it is killed: `deno run -A _hold_adb.ts FOLDER_OF_IMAGE PORT`. Prints a line when
 * the server answers.
 *
 * @module
 */
import { Adb, adbOfImage } from "../../measure/targets/adb/adb.ts";
import { host } from "./_rig.ts";

const [image = "", port = ""] = Deno.args;
await Adb.open(
  { host, program: adbOfImage(host, image), port: Number(port) },
  new AbortController().signal,
);
console.log("open");
await host.clock.sleep(600_000);
