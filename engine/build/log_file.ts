/**
 * A step's output text: kept whole in a file, its end at hand for errors.
 *
 * @module
 */
import { explainIo } from "../error.ts";
import type { Host, WritableFile } from "../host.ts";

/** Lines shown when a step fails. */
const TAIL_LINES = 30;
/** Bytes that are enough for them. */
const TAIL_BYTES = 16 * 1024;
/** A program that prints without end must not fill the disk. */
const MAX_BYTES = 64 * 2 ** 20;

/** Receives a step's output. */
export class LogFile implements Disposable {
  readonly path: string;
  readonly #file: WritableFile;
  #tail = new Uint8Array(0);
  #sizeBytes = 0;
  #isCut = false;

  /** @throws {EngineError} "disk-full" and others of the file system */
  constructor(host: Host, path: string) {
    this.path = path;
    try {
      this.#file = host.fs.openWrite(path);
    } catch (error) {
      throw explainIo(error, `write the log "${path}"`);
    }
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** @throws {EngineError} "disk-full" and others of the file system */
  write(chunk: Uint8Array): void {
    const room = Math.max(0, MAX_BYTES - this.#sizeBytes);
    if (room > 0) this.#append(chunk.subarray(0, room));
    if (chunk.length > room && !this.#isCut) {
      this.#isCut = true;
      this.#append(
        new TextEncoder().encode(`\n[the rest of the output is not kept: more than ${MAX_BYTES} bytes]\n`),
      );
    }
    const joined = new Uint8Array(this.#tail.length + chunk.length);
    joined.set(this.#tail);
    joined.set(chunk, this.#tail.length);
    this.#tail = joined.slice(-TAIL_BYTES);
  }

  #append(bytes: Uint8Array): void {
    try {
      this.#file.write(bytes);
    } catch (error) {
      throw explainIo(error, `write the log "${this.path}"`);
    }
    this.#sizeBytes += bytes.length;
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
