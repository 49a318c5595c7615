/**
 * A store with a package, an image made of it and steps that run in the image, without running anything.
 *
 * @module
 */
import { join } from "node:path";
import type { Json } from "../canonical_json.ts";
import { type Digest, digestOf, digestOfJson, type StepId } from "../digest.ts";
import type { Host } from "../host.ts";
import { packageId, packageInputs } from "../image/image.ts";
import { toTree, treeDigest, type TreeEntry } from "../tree/mod.ts";
import { putTexts } from "./_testing.ts";
import type { Manifest } from "./manifest.ts";
import { Store } from "./store.ts";
import { usePath } from "./uses.ts";

/** A step of the small graph. */
export interface SmallStep {
  /** Makes this build of it another than the last of its name. */
  readonly version?: number;
  readonly reads?: readonly Manifest[];
  /** Texts of downloads that it was made of; pinned by SHA-256, or by an alias where the text begins with "alias". */
  readonly sources?: readonly string[];
  /** Files of the repository that it read. */
  readonly files?: Readonly<Record<string, string>>;
  /** What it made. */
  readonly made?: Readonly<Record<string, string>>;
}

/** See the module's text. */
export class SmallGraph {
  readonly store: Store;
  readonly image: Manifest;
  readonly package: Manifest;
  readonly #host: Host;

  constructor(host: Host, root: string, name = "tools") {
    this.#host = host;
    this.store = Store.open(host, root);
    const { store } = this;
    const deb = this.putSource(`${name}.deb`);
    this.package = store.publish({
      id: packageId(deb, []),
      kind: "package",
      name,
      inputs: packageInputs(deb, []),
      tree: toTree(putTexts(store, { [`usr/bin/${name}.sh`]: `run ${name}`, "usr/share/text": name })),
      durationMs: 1,
    });
    const inputs = { assembler: 1, packages: [[name, "1.0", deb]], exclude: [] };
    const own: TreeEntry[] = [
      { kind: "link", path: "bin", target: "usr/bin" },
      { kind: "folder", path: "tmp" },
      ...putTexts(store, { "etc/passwd": "root" }),
    ];
    this.image = store.publish({
      id: digestOfJson(inputs) as StepId,
      kind: "image",
      name: `image/${name}`,
      inputs,
      tree: toTree([...this.package.tree, ...own]),
      durationMs: 1,
    });
    store.checkout(this.image.tree);
  }

  /** Publishes a step, with checkouts of what it made and read. */
  step(name: string, { version = 1, reads = [], sources = [], files = {}, made }: SmallStep = {}): Manifest {
    const { store } = this;
    const repository = toTree(putTexts(store, files));
    store.checkout(repository);
    const described: Record<string, Json> = {
      src: {
        kind: "files",
        folder: "src",
        files: Object.fromEntries(
          repository.flatMap((entry) =>
            entry.kind === "file" ? [[entry.path, `${entry.executable ? "x" : "f"}:${entry.digest}`]] : []
          ),
        ),
      },
    };
    for (const other of reads) described[other.name] = { kind: "step", name: other.name, id: other.id };
    for (const text of sources) {
      const digest = this.putSource(text);
      const pin = text.startsWith("alias") ? `sha512:${text}` : `sha256:${digest}`;
      if (text.startsWith("alias")) store.setAlias(pin, digest);
      described[text] = { kind: "source", name: text, pin, fileName: "file" };
    }
    const inputs: Json = { schema: 1, name, image: this.image.id, inputs: described, version };
    const log = `log of ${name} ${version}`;
    const manifest = store.publish({
      id: digestOfJson(inputs) as StepId,
      kind: "step",
      name,
      inputs,
      tree: toTree(putTexts(store, made ?? { out: `${name} ${version}`, "bin/run.sh": `run ${name}` })),
      log: { digest: store.putBytes(new TextEncoder().encode(log)), sizeBytes: log.length },
      durationMs: 1,
    });
    store.checkout(manifest.tree);
    return manifest;
  }

  /** Puts a download's text into the store. */
  putSource(text: string): Digest {
    return this.store.putBytes(new TextEncoder().encode(text));
  }

  /** Makes it look as if a manifest was made and used some days ago. */
  age({ id }: Manifest, days: number): void {
    const timeMs = this.#host.clock.now() - days * 24 * 3600_000;
    this.#host.fs.utime(join(this.store.root, "manifests", `${id}.json`), timeMs);
    if (this.#host.fs.lstat(usePath(this.store.root, id)) !== undefined) {
      this.#host.fs.utime(usePath(this.store.root, id), timeMs);
    }
  }

  /** Whether a manifest is a hit and its checkout is there and whole. */
  isWhole({ id, treeDigest: digest }: Manifest): boolean {
    const found = this.store.hit(id);
    return found !== undefined && treeDigest(found.tree) === digest &&
      found.tree.every((entry) =>
        entry.kind !== "file" ||
        digestOf(this.#host.fs.readFile(this.store.path(entry.digest, entry.executable))) === entry.digest
      );
  }
}
