/**
 * One HTTP request to a registry: within a time, with redirects of which each is looked at, and a body that is read only
 * as far as it was asked for.
 *
 * @module
 */
import type { Host } from "../host.ts";
import { redactText, redactUrl } from "../source/mod.ts";
import { MIN_BYTES_PER_SECOND, Pace } from "./_pace.ts";
import { RegistryError } from "./_registry_error.ts";
import { isLoopback } from "./reference.ts";

/** What is sent. */
export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the request's own origin only. */
  readonly authorization?: string | undefined;
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** Options of {@linkcode HttpSender}. */
export interface HttpOptions {
  readonly host: Host;
  /** Origin of the registry, which says what other places may be asked. */
  readonly origin: string;
  /** Gives up on a connection that brings next to nothing for this long. */
  readonly stallTimeoutMs: number;
}

const MAX_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** See the module's text. */
export class HttpSender {
  readonly #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /**
   * Sends a request and lets a function read the answer; the connection is done with when this returns.
   *
   * @throws {RegistryError} "unreachable", "invalid"
   * @throws the signal's reason when aborted
   */
  async send<T>(
    request: HttpRequest,
    signal: AbortSignal,
    read: (answer: Answer) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    const stop = new AbortController();
    const onAbort = () => stop.abort(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    let response: Response | undefined;
    try {
      response = await this.#follow(request, stop);
      return await read(new Answer(response, { ...this.#options, stop }));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (stop.signal.aborted) throw stop.signal.reason;
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
      // Rejects where the body has been read or the connection is gone.
      await response?.body?.cancel().catch(() => {});
    }
  }

  async #follow(request: HttpRequest, stop: AbortController): Promise<Response> {
    let { url, authorization } = request;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const response = await this.#once({ ...request, url, authorization }, stop);
      const location = response.headers.get("location");
      if (!REDIRECTS.includes(response.status) || location === null) return response;
      await response.body?.cancel();
      const target = URL.parse(location, url);
      if (request.method !== "GET" && request.method !== "HEAD") {
        throw new RegistryError("invalid", `it redirects a ${request.method}`);
      }
      if (target === null) throw new RegistryError("invalid", "it redirects to what is no address");
      this.expectUsable(target, url);
      if (target.origin !== new URL(url).origin) authorization = undefined;
      url = target.href;
    }
    throw new RegistryError("invalid", `it redirects more than ${MAX_REDIRECTS} times`);
  }

  /**
   * Whether a place that the registry names may be asked: over https, or as the registry itself is asked. A registry
   * elsewhere must not make this machine ask itself.
   *
   * @throws {RegistryError} "invalid"
   */
  expectUsable(target: URL, from: string): void {
    const registry = new URL(this.#options.origin);
    const isOwn = target.origin === registry.origin;
    const isProtected = target.protocol === "https:" ||
      (target.protocol === "http:" && registry.protocol === "http:" && new URL(from).protocol === "http:");
    const isInside = isLoopback(target.hostname) && !isLoopback(registry.hostname);
    if (isOwn || (isProtected && !isInside)) return;
    throw new RegistryError("invalid", `it points to ${redactUrl(target.href)}, which is not to be trusted`);
  }

  async #once(request: HttpRequest, stop: AbortController): Promise<Response> {
    const { host, stallTimeoutMs } = this.#options;
    const { method, url, authorization, body } = request;
    // Compression on the way would change the bytes that are hashed.
    const headers: Record<string, string> = {
      "accept-encoding": "identity",
      "user-agent": "vkforge",
      ...request.headers,
    };
    if (authorization !== undefined) headers["authorization"] = authorization;
    const init = {
      method,
      headers,
      redirect: "manual" as const,
      signal: stop.signal,
      ...(body === undefined ? {} : { body }),
    };
    const answered = new AbortController();
    const timeoutMs = stallTimeoutMs + (body?.length ?? 0) * 1000 / MIN_BYTES_PER_SECOND;
    host.clock.sleep(timeoutMs, answered.signal).then(
      () => stop.abort(tooSlow(timeoutMs)),
      () => {},
    );
    try {
      return await host.fetch(url, init);
    } catch (error) {
      throw unreachable(error);
    } finally {
      answered.abort();
    }
  }
}

/** An answer, whose body can be read once. */
export class Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Where it came from, after redirects. */
  readonly url: string;
  readonly #response: Response;
  readonly #options: HttpOptions & { readonly stop: AbortController };

  constructor(response: Response, options: HttpOptions & { readonly stop: AbortController }) {
    this.status = response.status;
    this.headers = response.headers;
    this.url = response.url;
    this.#response = response;
    this.#options = options;
  }

  /**
   * Hands on the body in chunks, never more than the limit.
   *
   * @throws {RegistryError} "invalid" if there is more; "unreachable"
   */
  async pipe(limitBytes: number, onChunk: (chunk: Uint8Array) => void): Promise<number> {
    const { host, stallTimeoutMs, stop } = this.#options;
    const announced = this.announcedBytes;
    if (announced !== undefined && announced > limitBytes) throw tooMuch(limitBytes);
    using pace = new Pace(host.clock, {
      periodMs: stallTimeoutMs,
      onSlow: () => stop.abort(tooSlow(stallTimeoutMs)),
    });
    const reader = this.#response.body?.getReader();
    let sizeBytes = 0;
    for (;;) {
      const piece = await readPiece(reader);
      if (piece === undefined) return sizeBytes;
      pace.add(piece.length);
      sizeBytes += piece.length;
      if (sizeBytes > limitBytes) {
        await reader?.cancel().catch(() => {});
        throw tooMuch(limitBytes);
      }
      onChunk(piece);
    }
  }

  /** The whole body, of at most so many bytes. */
  async bytes(limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array[] = [];
    const sizeBytes = await this.pipe(limitBytes, (chunk) => void pieces.push(chunk));
    const whole = new Uint8Array(sizeBytes);
    let offset = 0;
    for (const piece of pieces) {
      whole.set(piece, offset);
      offset += piece.length;
    }
    return whole;
  }

  /** Length of the body, where it is told. */
  get announcedBytes(): number | undefined {
    const text = this.headers.get("content-length");
    return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
  }
}

async function readPiece(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
): Promise<Uint8Array | undefined> {
  try {
    return (await reader?.read())?.value;
  } catch (error) {
    throw unreachable(error);
  }
}

function unreachable(error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  const reason = redactText(error instanceof Error ? error.message : String(error));
  return new RegistryError("unreachable", reason, { retry: true });
}

function tooSlow(periodMs: number): RegistryError {
  return new RegistryError("unreachable", `next to nothing came for ${Math.round(periodMs / 1000)} s`, {
    retry: true,
  });
}

function tooMuch(limitBytes: number): RegistryError {
  return new RegistryError("invalid", `it sends more than ${limitBytes} bytes`);
}
