/** Runs the Python tests of the recipes of AARs in the image, on the user's own store. */
import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { aarCheck } from "../../recipes/aar/check.ts";
import { loadProject } from "../../recipes/project.ts";
import { javaCheck } from "../../recipes/torch_android/java/check.ts";
import { openEngine } from "../../tasks/_session.ts";

const REPOSITORY = join(import.meta.dirname ?? ".", "..", "..");
const host = denoHost();

for (
  const [folder, check] of [["recipes/aar", aarCheck], ["recipes/torch_android/java", javaCheck]] as const
) {
  describe(folder, () => {
    it("passes its tests in the image", async () => {
      const project = await loadProject(host, REPOSITORY);
      const options = { engine: "auto", jobs: host.machine.cpus, logFormat: "plain" } as const;
      const engine = openEngine(host, project, options, () => {});
      const step = check(project.materials);
      const manifests = await engine.build([step], new AbortController().signal);
      const manifest = manifests.get(step.name);
      if (manifest === undefined) throw new Error("not built");
      const log = await Deno.readTextFile(join(engine.folderOf(manifest), "log"));
      expect(log).toMatch(/^Ran \d+ tests/m);
      expect(log).not.toContain("skipped");
    });
  });
}
