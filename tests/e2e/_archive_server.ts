/**
 * A server on this machine in place of the registries: `/debian/pool/…` gives packages from a folder by file name,
 * everything else is what a test puts there.
 *
 * @module
 */
import { join } from "node:path";

/** Options of {@linkcode ArchiveServer}. */
export interface ArchiveServerOptions {
  /** Folder with .deb files. */
  readonly packages: string;
  /** Certificate and key, for HTTPS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** See the module's text. */
export class ArchiveServer implements AsyncDisposable {
  readonly origin: string;
  /** Content by path; `undefined` stands for a file that is gone. */
  readonly files = new Map<string, Uint8Array | string | undefined>();
  /** Paths whose answer begins and never ends. */
  readonly slow = new Set<string>();
  /** Paths that were asked for. */
  readonly requests: string[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #packages: string;
  readonly #stop = new AbortController();

  constructor({ packages, tls }: ArchiveServerOptions) {
    this.#packages = packages;
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {}, signal: this.#stop.signal };
    this.#server = tls === undefined
      ? Deno.serve(options, (request) => this.#answer(request))
      : Deno.serve({ ...options, ...tls }, (request) => this.#answer(request));
    this.origin = `${tls === undefined ? "http" : "https"}://localhost:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#server.finished;
  }

  #answer(request: Request): Response {
    const path = decodeURIComponent(new URL(request.url).pathname);
    this.requests.push(path);
    if (this.slow.has(path)) return new Response(endless());
    const content = this.files.has(path) ? this.files.get(path) : this.#package(path);
    if (content === undefined) return new Response("not here", { status: 404 });
    return new Response(content as BodyInit);
  }

  #package(path: string): Uint8Array | undefined {
    if (!path.startsWith("/debian/pool/")) return undefined;
    try {
      return Deno.readFileSync(join(this.#packages, path.slice(path.lastIndexOf("/") + 1)));
    } catch {
      return undefined;
    }
  }
}

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) });
}
