/**
 * What the tests of this folder share: a store in a temporary folder and a server on loopback.
 *
 * @module
 */
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { type Digest, digestOf } from "../digest.ts";
import type { Event } from "../event.ts";
import type { Host } from "../host.ts";
import type { BlobStore } from "./blob_store.ts";

/** A folder as a store. */
export class FolderStore implements BlobStore, Disposable {
  readonly root: string = Deno.makeTempDirSync({ prefix: "vkforge-source-" });
  readonly #aliases = new Map<string, Digest>();

  get downloads(): string {
    return join(this.root, "downloads");
  }

  has(digest: Digest): boolean {
    return this.bytes(digest) !== undefined;
  }

  path(digest: Digest): string {
    return join(this.root, digest);
  }

  adopt(file: string, digest: Digest): void {
    Deno.renameSync(file, this.path(digest));
  }

  alias(key: string): Digest | undefined {
    return this.#aliases.get(key);
  }

  setAlias(key: string, digest: Digest): void {
    this.#aliases.set(key, digest);
  }

  bytes(digest: Digest): Uint8Array | undefined {
    try {
      return Deno.readFileSync(this.path(digest));
    } catch {
      return undefined;
    }
  }

  /** Names of what lies in the folder of partial downloads, but for locks. */
  leftovers(): string[] {
    try {
      return [...Deno.readDirSync(this.downloads)].map(({ name }) => name).filter((name) =>
        !name.endsWith(".lock")
      );
    } catch {
      return [];
    }
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

/** The real machine, with a clock that keeps waits for retries in a list and makes them short; longer ones, for stalls, are left alone. */
export function impatientHost(waits: number[] = []): Host {
  const host = denoHost();
  return {
    ...host,
    clock: {
      ...host.clock,
      sleep: (ms, signal) => {
        if (ms > 20_000) return host.clock.sleep(ms, signal);
        waits.push(ms);
        return host.clock.sleep(Math.min(ms, 1), signal);
      },
    },
  };
}

/** A server on loopback that keeps what it was asked. */
export class TestServer implements AsyncDisposable {
  readonly requests: Request[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(handler: (request: Request, count: number) => Response | Promise<Response>) {
    this.#server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      // What Deno hands over cannot be read any more once it is answered.
      this.requests.push(new Request(request.url, { headers: new Headers(request.headers) }));
      return handler(request, this.requests.length);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** A server that speaks raw HTTP, for answers that a proper server would not give; ends each connection itself. */
export class RawServer implements AsyncDisposable {
  readonly requests: string[] = [];
  readonly #listener: Deno.TcpListener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  readonly #open = new Set<Deno.Conn>();
  readonly #done: Promise<void>;

  constructor(answer: (connection: Deno.Conn, request: string, count: number) => Promise<void>) {
    this.#done = this.#serve(answer);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}`;
  }

  async #serve(
    answer: (connection: Deno.Conn, request: string, count: number) => Promise<void>,
  ): Promise<void> {
    const running: Promise<void>[] = [];
    try {
      for await (const connection of this.#listener) {
        this.#open.add(connection);
        running.push(this.#talk(connection, answer));
      }
    } catch {
      // The listener was closed.
    }
    await Promise.all(running);
  }

  async #talk(
    connection: Deno.Conn,
    answer: (connection: Deno.Conn, request: string, count: number) => Promise<void>,
  ): Promise<void> {
    try {
      const buffer = new Uint8Array(1 << 16);
      const count = await connection.read(buffer) ?? 0;
      const request = new TextDecoder().decode(buffer.subarray(0, count));
      this.requests.push(request);
      await answer(connection, request, this.requests.length);
    } catch {
      // The client went away.
    } finally {
      if (this.#open.delete(connection)) connection.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) {
      this.#open.delete(connection);
      connection.close();
    }
    await this.#done;
  }
}

/** Some bytes that no compression and no chance makes equal. */
export function someBytes(count: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  let state = seed;
  for (let index = 0; index < count; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

/** Serves a file, whole or from where a Range header says. */
export function serveBytes(
  request: Request,
  bytes: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Response {
  const range = /^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "");
  if (range === null) return new Response(bytes, { headers });
  const start = Number(range[1]);
  if (start >= bytes.length) return new Response(null, { status: 416 });
  return new Response(bytes.subarray(start), {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` },
  });
}

/** The pin of some bytes. */
export function pin(bytes: Uint8Array): { readonly sha256: string; readonly sizeBytes: number } {
  return { sha256: digestOf(bytes), sizeBytes: bytes.length };
}

/** Events of one type. */
export function eventsOf<T extends Event["type"]>(
  events: readonly Event[],
  type: T,
): Extract<Event, { type: T }>[] {
  return events.filter((event): event is Extract<Event, { type: T }> => event.type === type);
}

/** Whether a place on the network answers; tests that need it are skipped where it does not. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
