/**
 * Many processes on one store for a long time: nobody is served a wrong byte, nothing vanishes under a lease, and the
 * store is whole at the end.
 *
 * `VKFORGE_SOAK_SECONDS` says how long.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { verifyStore } from "../../engine/store/upkeep.ts";
import { crashSeed } from "./_random.ts";
import type { SoakResult } from "./_soak_worker.ts";

const PROCESSES = 16;
const SECONDS = Number(Deno.env.get("VKFORGE_SOAK_SECONDS") ?? 10);

describe("a store that many processes use", () => {
  it(`serves each of ${PROCESSES} the right bytes while they put, get and collect (${SECONDS} s)`, async () => {
    const folder = Deno.makeTempDirSync({ prefix: "vkforge-soak-" });
    const root = join(folder, "store");
    const seed = crashSeed();
    try {
      const results = await Promise.all(Array.from({ length: PROCESSES }, async (_, index) => {
        const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", script("_soak_worker.ts"), root, String(SECONDS), String(seed + index)],
        }).output();
        if (!success) throw new Error(`seed ${seed + index}: ${new TextDecoder().decode(stderr)}`);
        return JSON.parse(new TextDecoder().decode(stdout)) as SoakResult;
      }));
      const total = (key: keyof SoakResult) => results.reduce((sum, result) => sum + result[key], 0);
      const sum = {
        puts: total("puts"),
        hits: total("hits"),
        misses: total("misses"),
        collections: total("collections"),
        removed: total("removed"),
      };
      console.log(JSON.stringify({ seed, seconds: SECONDS, ...sum }));
      // Otherwise nothing was tested.
      expect(Math.min(sum.puts, sum.hits + sum.misses, sum.collections)).toBeGreaterThan(0);
      expect(verifyStore(denoHost(), root).damages).toEqual([]);
      expect([...Deno.readDirSync(join(root, "tmp"))]).toEqual([]);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
});

function script(name: string): string {
  return join(import.meta.dirname ?? ".", name);
}
