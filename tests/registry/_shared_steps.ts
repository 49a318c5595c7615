/**
 * Two steps, as one machine has built them and others would like to have them.
 *
 * @module
 */
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { digestOf } from "../../engine/digest.ts";
import type { Event, Host, Manifest, PlannedStep, Step } from "../../engine/mod.ts";
import { plan } from "../../engine/graph/mod.ts";
import { testStep } from "../../engine/graph/_testing.ts";
import {
  openRegistry,
  type PulledStep,
  pullSteps,
  type PushedStep,
  pushSteps,
} from "../../engine/registry/mod.ts";
import { RegistryClient } from "../../engine/registry/client.ts";
import { parseRegistry } from "../../engine/registry/reference.ts";
import type { Secrets } from "../../engine/secrets/mod.ts";
import { someBytes } from "../../engine/source/_testing.ts";
import { Store } from "../../engine/store/mod.ts";
import { toTree, type TreeEntry } from "../../engine/tree/mod.ts";

/** What the second step reads. */
export const LIBRARY: Step = testStep("library", { outputs: ["lib"] });
/** What everybody wants. */
export const PROGRAM: Step = testStep("program", {
  inputs: { library: { kind: "step", step: LIBRARY } },
  outputs: ["out"],
});

const never = new AbortController().signal;

/** One machine: a store in a folder of its own, and what happened there. */
export class Machine implements Disposable {
  readonly folder: string;
  readonly store: Store;
  readonly events: Event[] = [];
  readonly #host: Host;

  constructor(
    host: Host = denoHost(),
    folder: string = Deno.makeTempDirSync({ prefix: "vkforge-registry-" }),
  ) {
    this.#host = host;
    this.folder = folder;
    this.store = Store.open(host, join(folder, "store"));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }

  plan(target: Step = PROGRAM): PlannedStep[] {
    return plan([target], { host: this.#host, store: this.store, repository: this.folder });
  }

  /** The plan of one step. */
  planned(step: Step): PlannedStep {
    const found = this.plan(step).find((one) => one.step === step);
    if (found === undefined) throw new Error("not planned");
    return found;
  }

  /** The step as this machine has it. */
  hit(step: Step): Manifest | undefined {
    return this.store.hit(this.planned(step).id);
  }

  /** Publishes both steps, as a build would. */
  build(version = 1): Manifest[] {
    const big = someBytes(2_500_000, version);
    const tool = someBytes(5_000, 7);
    return [
      this.#publish(LIBRARY, { "lib/a.so": someBytes(40_000, 3), "lib/big.a": someBytes(1_100_000, 4) }),
      this.#publish(PROGRAM, {
        "out/a.txt": new TextEncoder().encode("text\n"),
        "out/bin/tool.sh": tool,
        "out/big": big,
        "out/big-again": big,
        "out/deep/er/still": someBytes(10, 5),
        "out/empty": new Uint8Array(),
        // The same bytes once more, without the executable bit.
        "out/tool-text": tool,
      }, [{ kind: "link", path: "out/link", target: "deep/er/still" }, {
        kind: "folder",
        path: "out/nothing",
      }]),
    ];
  }

  #publish(
    step: Step,
    files: Readonly<Record<string, Uint8Array>>,
    others: readonly TreeEntry[] = [],
  ): Manifest {
    const { id, inputs } = this.planned(step);
    const entries = Object.entries(files).map(([path, bytes]): TreeEntry => {
      const executable = path.endsWith(".sh");
      return {
        kind: "file",
        path,
        digest: this.store.putBytes(bytes, executable),
        sizeBytes: bytes.length,
        executable,
      };
    });
    const log = new TextEncoder().encode(`building ${step.name}\n`);
    return this.store.publish({
      id,
      kind: "step",
      name: step.name,
      inputs,
      tree: toTree([...entries, ...others]),
      log: { digest: this.store.putBytes(log), sizeBytes: log.length },
      durationMs: 1234,
    });
  }

  /** A client with short patience, for a registry that may be up to anything. */
  client(
    address: string,
    options: { stallTimeoutMs?: number; chunkBytes?: number; secrets?: Secrets } = {},
  ): RegistryClient {
    if (options.secrets === undefined && Object.keys(options).length === 0) {
      return openRegistry(this.#host, address, { plainHttp: false });
    }
    return new RegistryClient({
      host: this.#host,
      address: parseRegistry(address),
      credentials: () => ({ credentials: undefined }),
      ...options,
    });
  }

  async push(client: RegistryClient, manifests: readonly Manifest[], replace = false): Promise<PushedStep[]> {
    const { store } = this;
    return await pushSteps(manifests, {
      client,
      host: this.#host,
      store,
      signal: never,
      emit: (event) => this.events.push(event),
      replace,
    });
  }

  async pull(client: RegistryClient, target: Step = PROGRAM): Promise<PulledStep[]> {
    const { store } = this;
    return await pullSteps([target], this.plan(target), {
      client,
      host: this.#host,
      store,
      signal: never,
      emit: (event) => this.events.push(event),
    });
  }

  /** Digests of what a step made, by path. */
  contentOf(step: Step): Record<string, string> {
    const folder = this.store.checkout(this.hit(step)?.tree ?? []);
    const found: Record<string, string> = {};
    const visit = (relative: string) => {
      for (const { name, isDirectory, isSymlink } of Deno.readDirSync(join(folder, relative))) {
        const path = join(relative, name);
        if (isDirectory) visit(path);
        else if (isSymlink) found[path] = Deno.readLinkSync(join(folder, path));
        else found[path] = digestOf(Deno.readFileSync(join(folder, path)));
      }
    };
    visit("");
    return found;
  }
}
