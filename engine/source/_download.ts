/**
 * One attempt at getting a file from one place.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import { PlaceError } from "./_place_error.ts";
import type { Sink } from "./_sink.ts";
import { Watchdog } from "./_watchdog.ts";
import { redactText, redactUrl } from "./redact.ts";

/** Options of {@linkcode download}. */
export interface DownloadOptions {
  readonly host: Host;
  /** Size of the whole file where the lock has it. */
  readonly sizeBytes: number | undefined;
  /** Never takes more bytes than this. */
  readonly limitBytes: number;
  readonly stallTimeoutMs: number;
  /** Whether a checksum will tell if bytes of two responses do not belong together. */
  readonly isPinned: boolean;
  /** Where validators of earlier responses are kept, by URL. */
  readonly validators: Map<string, string>;
  readonly onBytes: () => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Appends to a sink what it lacks, so that it holds the whole file when this returns. Does not verify it.
 *
 * @throws {PlaceError} if the place does not give it
 * @throws the signal's reason when aborted
 */
export async function download(url: string, sink: Sink, options: DownloadOptions): Promise<void> {
  if (sink.sizeBytes > 0 && sink.sizeBytes === options.sizeBytes) return;
  if (url.startsWith("file:")) return copy(url, sink, options);
  const abort = new AbortController();
  const { signal } = options;
  const onAbort = () => abort.abort(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener("abort", onAbort, { once: true });
  using watchdog = new Watchdog(options.host.clock, {
    timeoutMs: options.stallTimeoutMs,
    onStall: () => {
      const seconds = options.stallTimeoutMs / 1000;
      abort.abort(new PlaceError("unreachable", `no data came for ${seconds} s`, { retry: true }));
    },
  });
  try {
    const response = await request(url, sink, { ...options, signal: abort.signal });
    watchdog.touch();
    await receive(response, sink, { ...options, watchdog, signal: abort.signal });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (abort.signal.aborted) throw abort.signal.reason;
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Sends the request and sees to it that what the response will bring fits behind what is there. */
async function request(url: string, sink: Sink, options: DownloadOptions): Promise<Response> {
  const { host, validators, signal } = options;
  const target = new URL(url);
  // Compression on the way would change the bytes that are hashed.
  const headers: Record<string, string> = { "accept-encoding": "identity", "user-agent": "vkforge" };
  if (target.username !== "" || target.password !== "") {
    headers["authorization"] = basicAuthorization(target);
    target.username = target.password = "";
  }
  const validator = validators.get(url);
  if (validator === undefined && !options.isPinned) sink.reset();
  const offset = sink.sizeBytes;
  if (offset > 0) {
    headers["range"] = `bytes=${offset}-`;
    if (validator !== undefined) headers["if-range"] = validator;
  }
  const response = await reach(() => host.fetch(target.href, { headers, ...(signal && { signal }) }));
  try {
    rememberValidator(response, url, validators);
    checkStatus(response, sink, options);
    checkLength(response, sink, options);
  } catch (error) {
    await response.body?.cancel();
    throw error;
  }
  return response;
}

/** Streams a response's body into the sink. */
async function receive(
  response: Response,
  sink: Sink,
  options: DownloadOptions & { readonly watchdog: Watchdog },
): Promise<void> {
  const { limitBytes, sizeBytes, watchdog, onBytes } = options;
  const announced = contentLength(response);
  const end = announced === undefined ? sizeBytes : sink.sizeBytes + announced;
  const reader = response.body?.getReader();
  sink.startPiece();
  try {
    while (reader !== undefined) {
      const { done, value } = await reach(() => reader.read());
      if (done) break;
      watchdog.touch();
      if (sink.sizeBytes + value.length > limitBytes) throw tooLarge(`more than ${limitBytes}`, options);
      sink.append(value);
      onBytes();
    }
  } catch (error) {
    // Rejects when the connection is gone, which is already known then.
    await reader?.cancel().catch(() => {});
    throw error;
  }
  if (end !== undefined && sink.sizeBytes < end) {
    throw new PlaceError("unreachable", `the connection closed after ${sink.sizeBytes} of ${end} bytes`, {
      retry: true,
    });
  }
}

function checkStatus(response: Response, sink: Sink, options: DownloadOptions): void {
  const { status } = response;
  const via = response.redirected ? ` from ${redactUrl(response.url)}` : "";
  if (status === 200) {
    // The server does not do ranges, or its file is not the one this began with.
    if (sink.sizeBytes > 0) sink.reset();
    return;
  }
  if (status === 206 && sink.sizeBytes > 0) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
    const total = range?.[2] === "*" ? options.sizeBytes : Number(range?.[2]);
    const fits = Number(range?.[1]) === sink.sizeBytes &&
      (options.sizeBytes === undefined || total === options.sizeBytes);
    if (fits) return;
    sink.reset();
    throw new PlaceError("unreachable", `the server resumed at another place than asked${via}`, {
      retry: true,
    });
  }
  if (status === 416 && sink.sizeBytes > 0) {
    sink.reset();
    throw new PlaceError("unreachable", `the server has no bytes behind those already here${via}`, {
      retry: true,
    });
  }
  const answer = `the server answers ${status}${response.statusText && ` ${response.statusText}`}${via}`;
  if (status === 404 || status === 410) throw new PlaceError("gone", answer);
  if (status === 408 || status === 429 || status >= 500) {
    throw new PlaceError("unreachable", answer, {
      retry: true,
      retryAfterMs: retryAfterMs(response, options.host),
    });
  }
  throw new PlaceError("refused", answer);
}

/** Compares the announced length with the lock before any byte is taken. */
function checkLength(response: Response, sink: Sink, options: DownloadOptions): void {
  const announced = contentLength(response);
  if (announced === undefined) return;
  const total = sink.sizeBytes + announced;
  if (total > options.limitBytes) throw tooLarge(String(total), options);
}

/** From a local folder. */
function copy(url: string, sink: Sink, options: DownloadOptions): void {
  const { fs } = options.host;
  const path = fileURLToPath(url);
  const info = fs.lstat(path);
  if (info === undefined) throw new PlaceError("gone", "there is no such file");
  sink.reset();
  sink.startPiece();
  let tooMuch: PlaceError | undefined;
  try {
    fs.readChunks(path, (chunk) => {
      if (sink.sizeBytes + chunk.length > options.limitBytes) {
        throw tooMuch = tooLarge(`more than ${options.limitBytes}`, options);
      }
      options.signal?.throwIfAborted();
      sink.append(chunk);
      options.onBytes();
    });
  } catch (error) {
    if (error === tooMuch || options.signal?.aborted || error instanceof EngineError) throw error;
    throw new PlaceError("unreachable", error instanceof Error ? error.message : String(error));
  }
}

function tooLarge(actual: string, options: DownloadOptions): PlaceError {
  return options.sizeBytes === undefined
    ? new PlaceError("refused", `the file has ${actual} bytes, the limit is ${options.limitBytes}`)
    : new PlaceError("mismatch", `size is ${actual}, the lock says ${options.sizeBytes}`);
}

/** Turns the runtime's network errors into the place's failure. */
async function reach<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new PlaceError("unreachable", redactText(error instanceof Error ? error.message : String(error)), {
      retry: true,
    });
  }
}

function contentLength(response: Response): number | undefined {
  const text = response.headers.get("content-length");
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Only strong validators may be sent with If-Range (RFC 9110, 13.1.5). */
function rememberValidator(response: Response, url: string, validators: Map<string, string>): void {
  if (!response.ok) return;
  const tag = response.headers.get("etag");
  if (tag !== null && !tag.startsWith("W/")) validators.set(url, tag);
  else validators.delete(url);
}

function retryAfterMs(response: Response, host: Host): number | undefined {
  const text = response.headers.get("retry-after");
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - host.clock.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function basicAuthorization(url: URL): string {
  const plain = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(plain)))}`;
}
