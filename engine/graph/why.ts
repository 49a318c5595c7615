/**
 * Why a step would run or not, followed through the steps before it to the cause.
 *
 * @module
 */
import { join } from "node:path";
import type { Digest, StepId } from "../digest.ts";
import type { Host } from "../host.ts";
import { type Image, imageId, imageInputs } from "../image/mod.ts";
import type { Store } from "../store/mod.ts";
import { type DiffLine, diffLines } from "../text_diff.ts";
import { treeSizeBytes } from "../tree/mod.ts";
import { explainDifference } from "./explain.ts";
import type { PlannedStep } from "./plan.ts";
import type { Reason } from "./reason.ts";

/** A reason, and for a changed step the reasons of its own. */
export interface Cause {
  readonly reason: Reason;
  /** Why the step that the reason names changed; empty for every other reason. */
  readonly because: readonly Cause[];
  /** What changed in a script, or in a text file whose former content the store still has. */
  readonly diff: readonly DiffLine[];
}

/** What the store has for a step. */
export interface MadeOutput {
  readonly digest: Digest;
  readonly entries: number;
  readonly sizeBytes: number;
  /** How long the step took. */
  readonly durationMs: number;
  /** When it was put into this store, in milliseconds since 1970. */
  readonly madeMs: number | undefined;
}

/** Why a step would run or not. */
export interface Explanation {
  readonly name: string;
  readonly id: StepId;
  readonly status: "hit" | "miss";
  /** Empty for a hit. */
  readonly causes: readonly Cause[];
  /** Present for a hit. */
  readonly output: MadeOutput | undefined;
}

/** What {@linkcode explainStep} looks into. */
export interface ExplainStepOptions {
  readonly host: Host;
  readonly store: Store;
  /** Folder that files are relative to. */
  readonly repository: string;
}

/** Longer texts are not compared. */
const MAX_TEXT_BYTES = 256 * 1024;

/**
 * Explains one step of a plan.
 *
 * @param planned the plan that holds the step and all before it
 */
export function explainStep(
  step: PlannedStep,
  planned: readonly PlannedStep[],
  options: ExplainStepOptions,
): Explanation {
  const explainer = new Explainer(planned, options);
  return {
    name: step.step.name,
    id: step.id,
    status: step.status,
    causes: step.reasons.map((reason) => explainer.follow(reason)),
    output: madeOutput(step, options.store),
  };
}

/** What the store has for a step of a plan; `undefined` for a miss. */
export function madeOutput({ manifest }: PlannedStep, store: Store): MadeOutput | undefined {
  if (manifest === undefined) return undefined;
  return {
    digest: manifest.treeDigest,
    entries: manifest.tree.length,
    sizeBytes: treeSizeBytes(manifest.tree),
    durationMs: manifest.durationMs,
    madeMs: store.publishedMs(manifest.id),
  };
}

class Explainer {
  readonly #byName: ReadonlyMap<string, PlannedStep>;
  readonly #images: ReadonlyMap<string, Image>;
  readonly #options: ExplainStepOptions;
  /** Steps meet again on many paths; each is explained once. */
  readonly #known = new Map<string, readonly Cause[]>();

  constructor(planned: readonly PlannedStep[], options: ExplainStepOptions) {
    this.#byName = new Map(planned.map((one) => [one.step.name, one]));
    const images = new Set(planned.map(({ step }) => step.image));
    this.#images = new Map([...images].map((image) => [imageId(image), image]));
    this.#options = options;
  }

  follow(reason: Reason): Cause {
    switch (reason.kind) {
      case "step":
        return { reason, because: this.#causesOf(reason.name, reason.before as StepId), diff: [] };
      case "script":
        return { reason, because: [], diff: diffLines(reason.before, reason.now) };
      case "file":
        return { reason, because: [], diff: this.#fileDiff(reason) };
      default:
        return { reason, because: [], diff: [] };
    }
  }

  /**
   * Compares with the very build that the last output was made from, which need not be the latest one of that step.
   */
  #causesOf(name: string, id: StepId): readonly Cause[] {
    const key = `${name} ${id}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { store } = this.#options;
    const now = this.#byName.get(name)?.inputs;
    const before = store.peek(id)?.inputs;
    const causes = now === undefined || before === undefined ? [] : explainDifference(before, now, {
      imageInputs: (imageKey) => {
        const image = this.#images.get(imageKey);
        return image === undefined ? store.peek(imageKey as StepId)?.inputs : imageInputs(image);
      },
    }).map((reason) => this.follow(reason));
    this.#known.set(key, causes);
    return causes;
  }

  #fileDiff({ path, before, now }: Extract<Reason, { readonly kind: "file" }>): DiffLine[] {
    const { store, repository } = this.#options;
    if (before === undefined || now === undefined || before === now) return [];
    const old = this.#text(store.path(before)) ?? this.#text(store.path(before, true));
    const current = this.#text(join(repository, path));
    return old === undefined || current === undefined ? [] : diffLines(old, current);
  }

  /** A short text file's content; `undefined` for anything else. */
  #text(path: string): string | undefined {
    const { fs } = this.#options.host;
    const info = fs.lstat(path);
    if (info?.kind !== "file" || info.sizeBytes > MAX_TEXT_BYTES) return undefined;
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(fs.readFile(path));
      return text.includes("\0") ? undefined : text;
    } catch {
      // Not text, or gone since: there is only less to show.
      return undefined;
    }
  }
}
