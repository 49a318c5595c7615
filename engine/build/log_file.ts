/**
 * A step's output text: kept whole in a file, its end at hand for errors.
 *
 * @module
 */
import type { Host, WritableFile } from "../host.ts";

/** Lines shown when a step fails. */
const TAIL_LINES = 30;
/** Bytes that are enough for them. */
const TAIL_BYTES = 16 * 1024;

/** Receives a step's output. */
export class LogFile implements Disposable {
  readonly path: string;
  readonly #file: WritableFile;
  #tail = new Uint8Array(0);
  #sizeBytes = 0;

  constructor(host: Host, path: string) {
    this.path = path;
    this.#file = host.fs.openWrite(path);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  write(chunk: Uint8Array): void {
    this.#file.write(chunk);
    this.#sizeBytes += chunk.length;
    const joined = new Uint8Array(this.#tail.length + chunk.length);
    joined.set(this.#tail);
    joined.set(chunk, this.#tail.length);
    this.#tail = joined.slice(-TAIL_BYTES);
  }

  /** The last lines, without the one that the cut to size may have damaged. */
  tail(): string[] {
    const lines = new TextDecoder().decode(this.#tail).trimEnd().split("\n");
    return lines.slice(-TAIL_LINES);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}
