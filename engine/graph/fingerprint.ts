/**
 * Step ids: the SHA-256 of everything that decides what a step makes.
 *
 * A step that reads another's output counts that step's id, not the output's digest: so every id is known before
 * anything runs, and `plan` needs no build. Since steps are reproducible, the two identify the same bytes.
 *
 * @module
 */
import type { Json } from "../canonical_json.ts";
import { digestOfJson, type StepId } from "../digest.ts";
import type { Host } from "../host.ts";
import { imageId } from "../image/mod.ts";
import type { LockedSource } from "../lock/mod.ts";
import type { Tree } from "../tree/mod.ts";
import type { FileIndex } from "./file_index.ts";
import { readFiles } from "./files.ts";
import { inOrder } from "./order.ts";
import type { Input, Step } from "./step.ts";

/** A step with its id and what the id was made of. */
export interface FingerprintedStep {
  readonly step: Step;
  readonly id: StepId;
  readonly inputs: Json;
  /** The repository's files among its inputs, by input name. */
  readonly files: ReadonlyMap<string, Tree>;
}

/** Options of {@linkcode fingerprint}. */
export interface FingerprintOptions {
  readonly host: Host;
  /** Folder of the repository that "files" inputs are relative to. */
  readonly repository: string;
  /** Knows the digests of files that did not change. */
  readonly index?: FileIndex | undefined;
}

/** The steps that the targets need, in order, with their ids. */
export function fingerprint(targets: readonly Step[], options: FingerprintOptions): FingerprintedStep[] {
  const ids = new Map<Step, StepId>();
  const imageIds = new Map<unknown, StepId>();
  const read = filesReader(options);
  return inOrder(targets).map((step) => {
    const files = new Map<string, Tree>();
    const inputs: Record<string, Json> = {};
    for (const [name, input] of Object.entries(step.inputs)) {
      if (input.kind === "files") files.set(name, read(input));
      inputs[name] = describeInput(input, ids, files.get(name));
    }
    const image = imageIds.get(step.image) ?? imageId(step.image);
    imageIds.set(step.image, image);
    const described: Json = {
      schema: 1,
      name: step.name,
      image,
      environment: { ...step.image.environment, ...step.environment },
      inputs,
      script: step.script,
      outputs: step.outputs,
      resources: { ...step.resources },
    };
    const id = digestOfJson(described) as StepId;
    ids.set(step, id);
    return { step, id, inputs: described, files };
  });
}

/** Reads each folder once, however many steps read it: they must all see the same. */
function filesReader({ host, repository, index }: FingerprintOptions): (input: FilesInput) => Tree {
  const trees = new Map<string, Tree>();
  return (input) => {
    const key = JSON.stringify([input.folder, input.only]);
    const tree = trees.get(key) ?? readFiles(host, repository, { ...input, index });
    trees.set(key, tree);
    return tree;
  };
}

type FilesInput = Input & { readonly kind: "files" };

/** A source's strongest checksum, as `sha256:…`. */
export function pinOf(source: LockedSource): string {
  if (source.sha256 !== undefined) return `sha256:${source.sha256}`;
  if (source.sha512 !== undefined) return `sha512:${source.sha512}`;
  if (source.sha1 !== undefined) return `sha1:${source.sha1}`;
  if (source.kind === "git") return `git:${source.commit}`;
  return `sha256-prefix:${source.sha256Prefix}`;
}

function describeInput(input: Input, ids: ReadonlyMap<Step, StepId>, files: Tree | undefined): Json {
  switch (input.kind) {
    case "step":
      return { kind: "step", name: input.step.name, id: ids.get(input.step), path: input.path };
    case "source":
      return { kind: "source", name: input.name, pin: pinOf(input.source), fileName: input.fileName };
    case "files":
      return {
        kind: "files",
        folder: input.folder,
        files: Object.fromEntries(
          (files ?? []).flatMap((entry) =>
            entry.kind === "file" ? [[entry.path, `${entry.executable ? "x" : "f"}:${entry.digest}`]] : []
          ),
        ),
      };
  }
}
