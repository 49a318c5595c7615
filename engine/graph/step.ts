/**
 * Steps as data. Recipes make them; nothing here runs anything.
 *
 * @module
 */
import type { Image } from "../image/mod.ts";
import type { LockedSource } from "../lock/mod.ts";

/** What a step may use. Part of its id, since a step that is short of memory may well make something else. */
export interface Resources {
  /** Processors that it can keep busy; the scheduler reserves as many, up to `--jobs`. */
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly processes: number;
  readonly timeoutMs: number;
}

/** Something a step reads below `/in/<name>`. */
export type Input =
  | {
    readonly kind: "step";
    readonly step: Step;
    /** A part of the other step's output, as a path below `/out`. */
    readonly path?: string;
  }
  | {
    /** A pinned file, seen as `/in/<name>/<fileName>`. */
    readonly kind: "source";
    readonly name: string;
    readonly source: LockedSource;
    readonly fileName: string;
  }
  | {
    /** A folder of the repository. */
    readonly kind: "files";
    readonly folder: string;
    /** Only paths that start with one of these, relative to the folder; all of it if left out. */
    readonly only?: readonly string[];
  };

/** One step of a build. Its id is the digest of all of this. */
export interface Step {
  /** Unique in a graph; "/" groups related steps. */
  readonly name: string;
  readonly image: Image;
  readonly inputs: Readonly<Record<string, Input>>;
  readonly environment: Readonly<Record<string, string>>;
  /** Text of a bash script, run with `-euo pipefail` in `/build`. */
  readonly script: string;
  /** Paths below `/out` that must be there at the end. Nothing else may be. */
  readonly outputs: readonly string[];
  readonly resources: Resources;
}

/** Enough for small steps. */
export const DEFAULT_RESOURCES: Resources = {
  cpus: 1,
  memoryBytes: 2 * 2 ** 30,
  processes: 512,
  timeoutMs: 10 * 60_000,
};

/** The steps that a step reads, in the order of its inputs. */
export function stepInputs(step: Step): Step[] {
  return Object.values(step.inputs).flatMap((input) => input.kind === "step" ? [input.step] : []);
}
