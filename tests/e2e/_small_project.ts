/**
 * The project with the main job's real graph, locks and command line, but small: an image of bash and coreutils from a
 * server on this machine, and stand-ins for what takes minutes to compile or convert. A build takes seconds.
 *
 * @module
 */
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { loadProject } from "../../recipes/project.ts";
import { miniImage, packageMirror } from "../fixtures/mini_engine.ts";
import { ArchiveServer, type ArchiveServerOptions } from "./_archive_server.ts";
import { Checkout } from "./_checkout.ts";
import { cli, type CliOptions, type CliRun, REPOSITORY, type RunningCli, startCli } from "./_cli.ts";
import { debOf, sha256 } from "./_deb.ts";

/** Lock of the sources. */
export const LOCK = "vkforge.lock.json";
/** Lock of the image that steps run in. */
export const IMAGE_LOCK = "docker/vulkan-sdk/packages.lock.json";
/** Lock of the image that holds bubblewrap. */
export const SANDBOX_LOCK = "docker/bubblewrap/packages.lock.json";

/** What a step does before its stand-in writes the outputs; sourced by bash, part of the steps' ids. */
const HOOK = "models/convert/hook.sh";

/** Nothing listens here: the connection is refused at once. */
export const DEAD_END = "http://127.0.0.1:2";

/** Options of {@linkcode SmallProject.make}. */
export type SmallProjectOptions = Pick<ArchiveServerOptions, "tls">;

/** See the module's text. */
export class SmallProject implements AsyncDisposable {
  readonly checkout: Checkout;
  readonly server: ArchiveServer;
  /** Folder of the store that commands use unless told otherwise. */
  readonly store: string;

  private constructor(checkout: Checkout, server: ArchiveServer) {
    this.checkout = checkout;
    this.server = server;
    this.store = `${checkout.root}-store`;
  }

  static async make(options: SmallProjectOptions = {}): Promise<SmallProject> {
    const project = await loadProject(denoHost(), REPOSITORY);
    const image = miniImage(project);
    const server = new ArchiveServer({ ...options, packages: await packageMirror(project, image) });
    const small = new SmallProject(new Checkout(), server);
    const { checkout } = small;
    const python = await debOf([{ name: "usr/bin/python3", mode: 0o755, content: PYTHON }]);
    small.serve("pool/main/s/stand-in/python3_1_amd64.deb", python);
    checkout.edit(IMAGE_LOCK, (lock) => {
      lock.packages = [...image.packages, {
        name: "python3",
        version: "1",
        archive: "bookworm",
        path: "pool/main/s/stand-in/python3_1_amd64.deb",
        sha256: sha256(python),
        sizeBytes: python.length,
      }];
    });
    checkout.edit(LOCK, (lock) => {
      for (const archive of Object.values<Record<string, unknown>>(lock.archives)) {
        archive.url = `${server.origin}/debian`;
        archive.snapshot = `${server.origin}/snapshot`;
      }
      for (const [name, { kind }] of Object.entries<Record<string, unknown>>(lock.sources)) {
        const url = `${server.origin}/source/${name}`;
        server.files.set(new URL(url).pathname, name);
        // A source of Debian's stays one: the drift rule is about them.
        lock.sources[name] = kind === "debian"
          ? { ...lock.sources[name], sha256: sha256(name), sizeBytes: name.length }
          : { kind: "https", url, sha256: sha256(name), sizeBytes: name.length };
        if (kind === "debian") small.serve(lock.sources[name].path, name);
      }
    });
    for (const [path, outputs] of Object.entries(STAND_INS)) checkout.write(path, writing(outputs));
    checkout.write(HOOK, "");
    return small;
  }

  /** Sets what the conversion steps do before they write their outputs. */
  hook(script: string): void {
    this.checkout.write(HOOK, script);
  }

  /** Puts a file into the Debian archive; `undefined` takes one away. */
  serve(path: string, content: Uint8Array | string | undefined): void {
    this.server.files.set(`/debian/${path}`, content);
  }

  async run(args: readonly string[], options: Partial<CliOptions> = {}): Promise<CliRun> {
    return await cli(withBwrap(args), this.#options(options));
  }

  start(args: readonly string[], options: Partial<CliOptions> = {}): RunningCli {
    return startCli(withBwrap(args), this.#options(options));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this.checkout[Symbol.dispose]();
    removeStore(this.store);
  }

  #options(options: Partial<CliOptions>): CliOptions {
    return {
      repository: this.checkout.root,
      store: this.store,
      ...options,
      // Whatever a lock still points to, nothing is asked of servers elsewhere.
      env: { HTTPS_PROXY: DEAD_END, HTTP_PROXY: DEAD_END, NO_PROXY: "localhost,127.0.0.1", ...options.env },
    };
  }
}

/** The same sandbox on machines with and without Docker. */
function withBwrap(args: readonly string[]): readonly string[] {
  return args[0] === "doctor" ? args : [...args, "--engine", "bwrap"];
}

/** Removes a store; nothing where it is not. */
export function removeStore(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** What is in the folder of work in progress; a finished command leaves nothing. */
export function leftovers(store: string): string[] {
  return [...Deno.readDirSync(join(store, "tmp"))].map(({ name }) => name);
}

/** Scripts of the recipes and what their steps have to write. */
const STAND_INS: Readonly<Record<string, readonly string[]>> = {
  "recipes/host_runtime/source.sh": ["src/version.txt"],
  "recipes/host_runtime/plugin.sh": ["lib/libvkforge_vulkan.so"],
  "recipes/host_runtime/runner.sh": ["bin/vkforge-runner"],
  "recipes/swiftshader/swiftshader.sh": ["lib/libvk_swiftshader.so", "lib/vk_swiftshader_icd.json"],
};

function writing(outputs: readonly string[]): string {
  return outputs.map((path) => `mkdir -p "$(dirname /out/${path})"; echo ${path} > /out/${path}\n`).join("");
}

/** Stands in for `python3 -m convert.build_cpu NAME …` and `python3 -m convert.build_vulkan NAME …`. */
const PYTHON = `#!/bin/bash
set -euo pipefail
step=\${2#convert.build_} name=$3
source /in/models/convert/hook.sh
case $step in
cpu)
  mkdir /out/golden
  for file in "$name.pt" "\${name}_cpu.pt" "$name.ptl" golden/x.bin model.json; do echo "$file" > "/out/$file"; done
  ;;
vulkan)
  for file in "\${name}_vulkan.pt" "\${name}_vulkan.ptl" vulkan.json; do echo "$file" > "/out/$file"; done
  ;;
esac
`;
