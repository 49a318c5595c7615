/**
 * Going on where a locked Debian package is gone: the nearest version in its place, and a record of it.
 *
 * @module
 */
import { type Drift, EngineError, type EventSink, type Host, type Image } from "../engine/mod.ts";
import { DriftResolver } from "../engine/source/mod.ts";
import type { Project } from "./project.ts";
import { materialsOf } from "./materials.ts";

/** What {@linkcode replaceGonePackage} goes by. */
export interface ReplaceOptions {
  /** What the build threw. */
  readonly error: unknown;
  readonly emit: EventSink;
  readonly signal: AbortSignal;
}

/** A project with other packages, and what is other about them. */
export interface Replaced {
  readonly project: Project;
  readonly drift: readonly Drift[];
}

/** The project with the package that the error tells of replaced; `undefined` if the error is about something else. */
export async function replaceGonePackage(
  host: Host,
  project: Project,
  options: ReplaceOptions,
): Promise<Replaced | undefined> {
  const { error } = options;
  if (!(error instanceof EngineError) || error.code !== "source-gone" || error.subject === undefined) {
    return undefined;
  }
  const resolver = new DriftResolver({ host, archives: project.lock.archives, emit: options.emit });
  const drift: Drift[] = [];
  const replace = async (image: Image): Promise<Image> => {
    const packages = await Promise.all(image.packages.map(async (locked) => {
      if (locked.name !== error.subject) return locked;
      const replaced = await resolver.resolve(locked, options.signal);
      drift.push(replaced.drift);
      return replaced.locked;
    }));
    return { ...image, packages };
  };
  const vulkanSdk = await replace(project.materials.vulkanSdk);
  const sandboxTools = await replace(project.sandboxTools);
  if (drift.length === 0) return undefined;
  return {
    project: { ...project, materials: materialsOf(project.lock, { vulkanSdk }), sandboxTools },
    drift,
  };
}
