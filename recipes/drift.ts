/**
 * Going on where locked Debian packages are gone: the nearest versions in their place, and a record of it.
 *
 * @module
 */
import { type Drift, EngineError, type EventSink, type Host, type Image } from "../engine/mod.ts";
import { DriftResolver, type Fetcher, type LockedDebian, packageSource } from "../engine/source/mod.ts";
import type { Project } from "./project.ts";
import { materialsOf } from "./materials.ts";

/** What {@linkcode replaceGonePackages} goes by. */
export interface ReplaceOptions {
  /** What the build threw. */
  readonly error: unknown;
  /** The build's own: it knows which servers do not answer. */
  readonly fetcher: Fetcher;
  readonly emit: EventSink;
  readonly signal: AbortSignal;
}

/** A project with other packages, and what is other about them. */
export interface Replaced {
  readonly project: Project;
  readonly drift: readonly Drift[];
}

/**
 * The project with everything replaced that is gone; `undefined` if the error is about something else.
 *
 * A build stops at the first package that is gone, and archives drop many at a time: so all that are not in the store
 * are fetched here, which the build would do anyway, and those that are gone too are replaced in the same round.
 */
export async function replaceGonePackages(
  host: Host,
  project: Project,
  options: ReplaceOptions,
): Promise<Replaced | undefined> {
  const { error } = options;
  if (!isGone(error)) return undefined;
  const round = new Round(host, project, options);
  const vulkanSdk = await round.replaceIn(project.materials.vulkanSdk);
  const sandboxTools = await round.replaceIn(project.sandboxTools);
  const lock = { ...project.lock, sources: await round.replaceSource(project.lock.sources, error.subject) };
  if (round.drift.length === 0) return undefined;
  return {
    project: { ...project, lock, materials: materialsOf(lock, { vulkanSdk }), sandboxTools },
    drift: round.drift,
  };
}

class Round {
  readonly drift: Drift[] = [];
  readonly #options: ReplaceOptions;
  readonly #resolver: DriftResolver;
  /** By path: images share packages. */
  readonly #replaced = new Map<string, Promise<LockedDebian>>();

  constructor(host: Host, project: Project, options: ReplaceOptions) {
    this.#options = options;
    this.#resolver = new DriftResolver({ host, archives: project.lock.archives, emit: options.emit });
  }

  async replaceIn(image: Image): Promise<Image> {
    const packages = await Promise.all(image.packages.map(async (locked) => {
      return await this.#isGone(locked) ? await this.#replace(locked) : locked;
    }));
    return { ...image, packages };
  }

  /** Of the lock's sources only the one that the error tells of: the build may not need the others. */
  async replaceSource<T extends Project["lock"]["sources"]>(sources: T, name: string): Promise<T> {
    const source = sources[name];
    return source?.kind === "debian" ? { ...sources, [name]: await this.#replace(source) } : sources;
  }

  async #isGone(locked: Image["packages"][number]): Promise<boolean> {
    try {
      await this.#options.fetcher.fetch(locked.name, packageSource(locked), this.#options.signal);
      return false;
    } catch (error) {
      if (isGone(error)) return true;
      throw error;
    }
  }

  #replace<T extends LockedDebian>(locked: T): Promise<T> {
    const known = this.#replaced.get(locked.path);
    // One path is one package in one form.
    if (known !== undefined) return known as Promise<T>;
    const replacing = this.#resolver.resolve(locked, this.#options.signal).then(({ locked, drift }) => {
      this.drift.push(drift);
      return locked;
    });
    this.#replaced.set(locked.path, replacing);
    return replacing;
  }
}

function isGone(error: unknown): error is EngineError & { readonly subject: string } {
  return error instanceof EngineError && error.code === "source-gone" && error.subject !== undefined;
}
