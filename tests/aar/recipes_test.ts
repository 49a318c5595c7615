/** Runs the Python tests of recipes/aar in the image, on the user's own store. */
import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { aarCheck } from "../../recipes/aar/check.ts";
import { loadProject } from "../../recipes/project.ts";
import { openEngine } from "../../tasks/_session.ts";

const REPOSITORY = join(import.meta.dirname ?? ".", "..", "..");
const host = denoHost();

describe("recipes/aar", () => {
  it("passes its tests in the image", async () => {
    const project = await loadProject(host, REPOSITORY);
    const options = { engine: "auto", jobs: host.machine.cpus, logFormat: "plain" } as const;
    const engine = openEngine(host, project, options, () => {});
    const step = aarCheck(project.materials);
    const manifests = await engine.build([step], new AbortController().signal);
    const manifest = manifests.get(step.name);
    if (manifest === undefined) throw new Error("not built");
    const log = await Deno.readTextFile(join(engine.folderOf(manifest), "log"));
    expect(log).toMatch(/^Ran \d{2} tests/m);
    expect(log).not.toContain("skipped");
  });
});
