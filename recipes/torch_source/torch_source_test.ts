import { describe, expect, it } from "vitest";
import { denoHost } from "../../engine/deno_host.ts";
import { inOrder } from "../../engine/mod.ts";
import { REPOSITORY } from "../../tests/fixtures/mini_engine.ts";
import { loadProject, mainJob } from "../project.ts";
import { HEADER_PACKAGES } from "./torch_source.ts";

const project = await loadProject(denoHost(), REPOSITORY);
const job = mainJob(project, { models: ["mobilenet_v2"], weights: "seeded", runtime: "source" });

describe("sourceRuntime()", () => {
  it("runs models on torch from source and converts them with the plug-in", () => {
    expect(job.runtime.plugin.name).toBe("source-runtime/torch");
    expect(job.runtime.runner.name).toBe("source-runtime/runner");
    const converter = job.models[0]?.vulkan.inputs["plugin"];
    expect(converter?.kind === "step" ? converter.step.name : undefined).toBe("host-runtime/plugin");
  });

  it("takes the backend that the plug-in has", () => {
    const { backend } = job.runtime.plugin.inputs;
    const source = inOrder(job.targets).find(({ name }) => name === "host-runtime/source");
    expect(backend).toEqual({ kind: "step", step: source, path: "src" });
  });

  it("needs headers of the versions that the image has libraries of", () => {
    const inImage = new Map(project.materials.vulkanSdk.packages.map(({ name, version }) => [name, version]));
    for (
      const [dev, library] of [
        ["libcpuinfo-dev", "libcpuinfo0"],
        ["libpthreadpool-dev", "libpthreadpool0"],
        ["libxnnpack-dev", "libxnnpack0"],
      ] as const
    ) {
      const locked = project.lock.sources[dev];
      expect([dev, locked?.kind === "debian" ? locked.version : undefined]).toEqual([
        dev,
        inImage.get(library),
      ]);
    }
  });

  it("is built again for a change of what it reads, not for one of the runner's recipe", () => {
    const { recipe } = job.runtime.plugin.inputs;
    const only = recipe?.kind === "files" ? recipe.only ?? [] : [];
    const files = [...Deno.readDirSync(`${REPOSITORY}/recipes/torch_source`)].map(({ name }) => name);
    const unread = files.filter((name) => !only.some((one) => one === name || one === `${name}/`));
    expect(unread.toSorted()).toEqual(["runner.sh", "torch_source.ts", "torch_source_test.ts"]);
    expect(HEADER_PACKAGES.every((name) => `packages-${name}` in job.runtime.plugin.inputs)).toBe(true);
  });
});
