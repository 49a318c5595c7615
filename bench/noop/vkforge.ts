/**
 * The graph on vkforge's engine. The process that is measured is `vkforge_process.ts`.
 *
 * @module
 */
import { join } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { denoHost } from "../../engine/deno_host.ts";
import type { Image } from "../../engine/mod.ts";
import type { LockFile } from "../../engine/lock/mod.ts";
import { loadProject } from "../../recipes/project.ts";
import { miniImage, packageMirror, REPOSITORY } from "../../tests/fixtures/mini_engine.ts";
import { type GraphSize, stepName, writeSources } from "./graph.ts";
import { environment, type System } from "./system.ts";

/** What the measured process reads. */
export interface VkforgeGraph {
  readonly steps: number;
  readonly repository: string;
  readonly storeRoot: string;
  readonly mirror: string;
  readonly archives: LockFile["archives"];
  readonly image: Image;
  readonly sandboxTools: Image;
}

/** What the measured process prints. */
export interface VkforgeRun {
  readonly built: number;
  readonly peakBytes: number;
}

/** Writes the graph to a folder. */
export async function vkforgeSystem(folder: string, size: GraphSize): Promise<System> {
  const repository = join(folder, "repository");
  await writeSources(size, (index) => join(repository, stepName(index)));
  const project = await loadProject(denoHost(), REPOSITORY);
  const image = miniImage(project);
  const graph: VkforgeGraph = {
    steps: size.steps,
    repository,
    storeRoot: join(folder, "store"),
    mirror: await packageMirror(project, image),
    archives: project.lock.archives,
    image,
    sandboxTools: project.sandboxTools,
  };
  const file = join(folder, "graph.json");
  await Deno.writeTextFile(file, JSON.stringify(graph));
  const script = join(REPOSITORY, "bench", "noop", "vkforge_process.ts");
  return {
    name: "vkforge",
    version: config.version,
    command: {
      program: Deno.execPath(),
      args: ["run", "-A", "--config", join(REPOSITORY, "deno.json"), script, file],
      cwd: repository,
      env: environment({ DENO_NO_UPDATE_CHECK: "1" }),
    },
  };
}
