/**
 * Small documents that tell about sources: a registry's metadata, an archive's index. They are not pinned; whoever asks
 * for one decides how far to trust it.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import { download } from "./_download.ts";
import { PlaceError } from "./_place_error.ts";
import { retrying } from "./_retry.ts";
import type { Sink } from "./_sink.ts";
import { redactUrl } from "./redact.ts";

/** Options of {@linkcode fetchDocument}. */
export interface DocumentOptions {
  readonly host: Host;
  /** Default: 64 MiB. */
  readonly maxSizeBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The bytes at a URL.
 *
 * @throws {EngineError} "source-gone" where there is no such document, "source-unavailable", "interrupted"
 */
export async function fetchDocument(url: string, options: DocumentOptions): Promise<Uint8Array> {
  const { host, signal, maxSizeBytes = 64 * 2 ** 20 } = options;
  const memory = new Memory();
  try {
    await retrying(
      () =>
        download(url, memory, {
          host,
          sizeBytes: undefined,
          limitBytes: maxSizeBytes,
          stallTimeoutMs: 30_000,
          isPinned: false,
          validators: new Map(),
          onBytes: () => {},
          signal,
        }),
      { host, attempts: 3, signal },
    );
  } catch (error) {
    if (error instanceof PlaceError) {
      const code = error.failure === "gone" ? "source-gone" : "source-unavailable";
      throw new EngineError(code, `Cannot read ${redactUrl(url)}: ${error.message}`, {
        hint: "Check the network and the proxy settings",
      });
    }
    if (!signal?.aborted || error instanceof EngineError) throw error;
    throw new EngineError("interrupted", `Cannot read ${redactUrl(url)}: interrupted`);
  }
  return memory.bytes();
}

class Memory implements Sink {
  #chunks: Uint8Array[] = [];
  sizeBytes = 0;

  startPiece(): void {}

  append(chunk: Uint8Array): void {
    this.#chunks.push(chunk.slice());
    this.sizeBytes += chunk.length;
  }

  reset(): void {
    this.#chunks = [];
    this.sizeBytes = 0;
  }

  bytes(): Uint8Array {
    const whole = new Uint8Array(this.sizeBytes);
    let offset = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, offset);
      offset += chunk.length;
    }
    return whole;
  }
}
