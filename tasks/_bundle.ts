/**
 * The files of a bundle, gathered from what steps made.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Engine, Host, Manifest } from "../engine/mod.ts";
import { type Bundle, type BundleDriver, type BundleFile, scriptPath } from "../measure/targets/mod.ts";
import type { PortableRuntime } from "../recipes/bundle/mod.ts";
import type { MainJob } from "../recipes/project.ts";
import { manifestOf } from "./_provenance.ts";

/** What goes into a bundle. */
export interface BundleParts {
  readonly job: MainJob;
  readonly runtime: PortableRuntime;
  /** Outputs of the steps of both, by name. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly driver: BundleDriver;
}

/** The bundle of some steps' outputs. Only what a device needs: of the models no lite files and no plain ones. */
export function assembleBundle(host: Host, engine: Engine, parts: BundleParts): Bundle {
  const { job, runtime, manifests, driver } = parts;
  const files = new Map<string, BundleFile>();
  const folders = new Map<string, string>();
  const take = (manifest: Manifest, place: (path: string) => string | undefined) => {
    const root = engine.folderOf(manifest);
    for (const entry of manifest.tree) {
      const path = entry.kind === "file" ? place(entry.path) : undefined;
      if (path === undefined || entry.kind !== "file") continue;
      files.set(path, {
        path,
        source: join(root, entry.path),
        sha256: entry.digest,
        sizeBytes: entry.sizeBytes,
        executable: entry.executable,
      });
    }
    return root;
  };
  take(manifestOf(manifests, runtime.step.name), (path) => {
    if (/^(bin|lib|libc)\//.test(path)) return path.endsWith("speed_benchmark_torch") ? undefined : path;
    // Android's: what its programs share, without what is for linking.
    return path.startsWith("shared/") ? path.replace(/^shared/, "lib") : undefined;
  });
  if (driver === "swiftshader") {
    take(
      manifestOf(manifests, job.swiftshader.name),
      (path) => (path.startsWith("lib/") ? path.replace(/^lib/, "driver") : undefined),
    );
  }
  for (const { spec: { name }, cpu, vulkan } of job.models) {
    const folder = `models/${name}`;
    const cpuRoot = take(manifestOf(manifests, cpu.name), (path) => {
      return path === `${name}_cpu.pt` || path.startsWith("golden/") ? `${folder}/${path}` : undefined;
    });
    const vulkanRoot = take(
      manifestOf(manifests, vulkan.name),
      (path) => (path === `${name}_vulkan.pt` ? `${folder}/${path}` : undefined),
    );
    for (const root of [cpuRoot, vulkanRoot]) folders.set(root, folder);
    folders.set(join(cpuRoot, "golden"), `${folder}/golden`);
  }
  for (const [path, name, executable] of SCRIPTS) {
    files.set(path, { path, source: scriptPath(name), ...digestOf(host, scriptPath(name)), executable });
  }
  return { platform: runtime.platform, driver, files: [...files.values()], folders };
}

const SCRIPTS = [["run", "run", true], ["describe.sh", "describe", false]] as const;

function digestOf(host: Host, path: string): { readonly sha256: string; readonly sizeBytes: number } {
  const data = host.fs.readFile(path);
  return { sha256: createHash("sha256").update(data).digest("hex"), sizeBytes: data.length };
}
