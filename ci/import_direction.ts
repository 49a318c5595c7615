/**
 * Which folder may import which: `tasks → recipes, measure, ui → engine`. Reads the module graph that Deno sees.
 *
 * @module
 */
import { relative } from "node:path";

/** Folders that a folder may import from, besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  aar: [],
  engine: [],
  ui: ["engine"],
  measure: ["engine"],
  models: [],
  docker: ["engine"],
  recipes: ["docker", "engine", "models"],
  tasks: ["aar", "docker", "engine", "measure", "models", "recipes", "ui"],
};

/** One import that goes the wrong way. */
export interface WrongImport {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** An edge of the module graph; paths relative to the repository. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** The edges that break the rule. Tests may import what they like. */
export function wrongImports(edges: readonly Edge[]): WrongImport[] {
  return edges.flatMap(({ from, to }) => {
    const [source, target] = [folderOf(from), folderOf(to)];
    const allowed = ALLOWED[source];
    if (allowed === undefined || source === target || isTest(from) || !(target in ALLOWED)) return [];
    if (!allowed.includes(target)) return [{ from, to, reason: `${source}/ must not import ${target}/` }];
    if (/(^|\/)_[^/]+$/.test(to)) {
      return [{ from, to, reason: "a file with a leading _ is private to its folder" }];
    }
    return [];
  });
}

/** The repository's own edges, as `deno info --json` tells them. */
export async function moduleEdges(repository: string, files: readonly string[]): Promise<Edge[]> {
  const edges = new Map<string, Edge>();
  for (const file of files) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", file],
      cwd: repository,
    }).output();
    const info = JSON.parse(new TextDecoder().decode(stdout)) as ModuleInfo;
    for (const module of info.modules) {
      for (const dependency of module.dependencies ?? []) {
        const target = dependency.code?.specifier ?? dependency.type?.specifier;
        if (!module.specifier.startsWith("file:") || target === undefined || !target.startsWith("file:")) {
          continue;
        }
        const edge = { from: localPath(repository, module.specifier), to: localPath(repository, target) };
        edges.set(`${edge.from} ${edge.to}`, edge);
      }
    }
  }
  return [...edges.values()];
}

interface ModuleInfo {
  readonly modules: ReadonlyArray<{
    readonly specifier: string;
    readonly dependencies?: ReadonlyArray<{
      readonly code?: { readonly specifier: string };
      readonly type?: { readonly specifier: string };
    }>;
  }>;
}

function localPath(repository: string, specifier: string): string {
  return relative(repository, new URL(specifier).pathname);
}

function folderOf(path: string): string {
  return path.split("/")[0] ?? "";
}

function isTest(path: string): boolean {
  return /(_test|_bench)\.ts$|\/(_testing|testdata|_fake|_stress)/.test(path);
}
