/**
 * All files of a Maven repository that Gradle reads to resolve modules: the newest version asked for wins, and to know
 * it Gradle reads the POMs of those that lose, too.
 *
 * @module
 */
import { type EffectiveDependency, effectivePom, type ReadPom } from "./effective_pom.ts";
import { type GradleModule, parseGradleModule } from "./gradle_module.ts";
import type { Pom, PomId } from "./pom.ts";
import { compareVersions } from "./version.ts";

/** A module to resolve, with its own dependencies; a file of it where that is not the plain jar. */
export interface Request extends PomId {
  readonly classifier?: string;
  /** Default: jar. */
  readonly extension?: string;
}

/** Access to repositories. */
export interface Repositories {
  /** Notes that a file is needed and gives its text. */
  text(id: PomId, fileName: string): Promise<string>;
  /** Notes that a file is needed. */
  file(id: PomId, fileName: string): Promise<void>;
}

/** A module's dependencies and files. */
interface Node {
  readonly id: PomId;
  readonly dependencies: readonly Edge[];
  readonly files: readonly string[];
}

/** A wish for a module. */
type Edge = Pick<
  EffectiveDependency,
  "group" | "artifact" | "version" | "exclusions" | "type" | "classifier"
>;

/** Resolves configurations, each a list of modules that share one classpath. */
export async function resolveClosure(
  configurations: readonly (readonly Request[])[],
  repositories: Repositories,
): Promise<void> {
  const resolver = new Resolver(repositories);
  for (const requests of configurations) await resolver.resolve(requests);
}

class Resolver {
  readonly #repositories: Repositories;
  readonly #poms = new Map<
    string,
    Promise<{ readonly pom: Pom; readonly module: GradleModule | undefined }>
  >();
  readonly #nodes = new Map<string, Promise<Node>>();

  constructor(repositories: Repositories) {
    this.#repositories = repositories;
  }

  async resolve(requests: readonly Request[]): Promise<void> {
    let chosen = new Map<string, string>();
    for (let round = 0; round < 32; round++) {
      const { nodes, newest } = await this.#walk(requests, chosen);
      const isStable = [...newest].every(([module, version]) => chosen.get(module) === version) &&
        newest.size === chosen.size;
      chosen = newest;
      if (!isStable) continue;
      await this.#takeFiles(nodes, requests);
      return;
    }
    throw new Error("The choice of versions does not settle");
  }

  /** Follows all wishes; where a version has been chosen for a module, that one stands for every other. */
  async #walk(requests: readonly Request[], chosen: ReadonlyMap<string, string>) {
    const nodes = new Map<string, { readonly node: Node; readonly wishes: Edge[] }>();
    const newest = new Map<string, string>();
    const seen = new Set<string>();
    const visit = async (edge: Edge, excluded: readonly string[]): Promise<void> => {
      const module = `${edge.group}:${edge.artifact}`;
      const before = newest.get(module);
      if (before === undefined || compareVersions(edge.version, before) > 0) newest.set(module, edge.version);
      // The wish's own POM is read even where it loses: Gradle sees it before the newer one.
      await this.#node({ group: edge.group, artifact: edge.artifact, version: edge.version });
      const version = chosen.get(module) ?? edge.version;
      const exclusions = [...new Set([...excluded, ...edge.exclusions])].sort();
      const node = await this.#node({ group: edge.group, artifact: edge.artifact, version });
      const entry = nodes.get(module) ?? { node, wishes: [] };
      nodes.set(module, entry);
      entry.wishes.push(edge);
      const key = [module, version, ...exclusions].join(" ");
      if (seen.has(key)) return;
      seen.add(key);
      await Promise.all(
        node.dependencies.filter((one) => !isExcluded(one, exclusions)).map((one) => visit(one, exclusions)),
      );
    };
    await Promise.all(
      requests.map(async (one) => {
        await visit({ ...one, exclusions: [], type: one.extension ?? "jar", classifier: one.classifier }, []);
      }),
    );
    return { nodes, newest };
  }

  async #takeFiles(
    nodes: ReadonlyMap<string, { readonly node: Node; readonly wishes: readonly Edge[] }>,
    requests: readonly Request[],
  ): Promise<void> {
    const files = [...nodes.values()].flatMap(({ node, wishes }) => {
      const isPlain = wishes.some(({ classifier, type }) => classifier === undefined && type !== "pom");
      const named = wishes.flatMap((one) =>
        one.classifier === undefined ? [] : [fileName(node.id, { ...one, extension: one.type })]
      );
      return [...(isPlain ? node.files : []), ...named].map((name) => ({ id: node.id, name }));
    });
    void requests;
    await Promise.all(files.map(({ id, name }) => this.#repositories.file(id, name)));
  }

  #node(id: PomId): Promise<Node> {
    const key = `${id.group}:${id.artifact}:${id.version}`;
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const made = this.#makeNode(id);
    this.#nodes.set(key, made);
    return made;
  }

  async #makeNode(id: PomId): Promise<Node> {
    const { module } = await this.#metadata(id);
    const read: ReadPom = async (one) => (await this.#metadata(one)).pom;
    const { packaging, dependencies } = await effectivePom(id, read);
    if (module !== undefined) {
      return { id, dependencies: module.dependencies.map(settled), files: module.files };
    }
    return {
      id,
      dependencies: dependencies.map(settled),
      files: packaging === "pom" ? [] : [fileName(id, { extension: extensionOf(packaging) })],
    };
  }

  #metadata(id: PomId) {
    const key = `${id.group}:${id.artifact}:${id.version}`;
    const known = this.#poms.get(key);
    if (known !== undefined) return known;
    const made = (async () => {
      const { parsePom } = await import("./pom.ts");
      const pom = parsePom(await this.#repositories.text(id, fileName(id, { extension: "pom" })));
      if (!pom.hasGradleMetadata) return { pom, module: undefined };
      const text = await this.#repositories.text(id, fileName(id, { extension: "module" }));
      return { pom, module: parseGradleModule(text) };
    })();
    this.#poms.set(key, made);
    return made;
  }
}

/** Turns Maven's "[1.2]", this version and no other, into the version. */
function settled<T extends { readonly version: string }>(one: T): T {
  const version = /^\[([^,\[\]]+)\]$/.exec(one.version)?.[1] ?? one.version;
  if (/[\[(,]/.test(version)) throw new SyntaxError(`Version ranges cannot be locked: ${one.version}`);
  return { ...one, version };
}

function isExcluded({ group, artifact }: Edge, exclusions: readonly string[]): boolean {
  return exclusions.some((one) => {
    const [excludedGroup, excludedArtifact] = one.split(":");
    return (excludedGroup === "*" || excludedGroup === group) &&
      (excludedArtifact === "*" || excludedArtifact === artifact);
  });
}

/** Packagings whose file is called otherwise. */
function extensionOf(packaging: string): string {
  return packaging === "aar" ? "aar" : "jar";
}

function fileName(
  { artifact, version }: PomId,
  { classifier, extension }: { readonly classifier?: string | undefined; readonly extension: string },
): string {
  return `${artifact}-${version}${classifier === undefined ? "" : `-${classifier}`}.${extension}`;
}
