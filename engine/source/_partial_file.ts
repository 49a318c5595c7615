/**
 * A download in progress: the file, how far it is, and its running checksums.
 *
 * @module
 */
import { explainIo, osErrorCode } from "../error.ts";
import type { FileSystem, WritableFile } from "../host.ts";
import { Checksums, type Expected } from "./_checksums.ts";
import type { Sink } from "./_sink.ts";

/** See the module's text. The file outlives interruptions: the next one at the same path takes it up. */
export class PartialFile implements Sink, Disposable {
  readonly path: string;
  readonly #fs: FileSystem;
  readonly #expected: Expected;
  #checksums: Checksums;
  #file: WritableFile | undefined;
  #pieces = 0;
  #isFromDisk = false;

  /** Takes up what an earlier attempt or process left at the path. */
  constructor(fs: FileSystem, path: string, expected: Expected) {
    this.path = path;
    this.#fs = fs;
    this.#expected = expected;
    this.#checksums = new Checksums(expected);
    this.#io(() => {
      const left = fs.lstat(path);
      if (left === undefined) return;
      if (left.kind !== "file" || left.sizeBytes > (expected.sizeBytes ?? Infinity)) return fs.remove(path);
      fs.readChunks(path, (chunk) => this.#checksums.update(chunk));
      this.#isFromDisk = left.sizeBytes > 0;
    });
  }

  get sizeBytes(): number {
    return this.#checksums.sizeBytes;
  }

  /** Whether not all bytes came with the last response, so that a wrong digest may be due to the others. */
  get hasEarlierBytes(): boolean {
    return this.#pieces > 1 || this.#isFromDisk;
  }

  /** Says that the bytes that follow come from another response than those before. */
  startPiece(): void {
    this.#pieces++;
  }

  append(chunk: Uint8Array): void {
    this.#io(() => {
      this.#file ??= this.#fs.openWrite(this.path, { append: true });
      this.#file.write(chunk);
    });
    this.#checksums.update(chunk);
  }

  /** Forgets all bytes. */
  reset(): void {
    this.#close();
    this.#io(() => this.#fs.remove(this.path));
    this.#checksums = new Checksums(this.#expected);
    this.#pieces = 0;
    this.#isFromDisk = false;
  }

  /** Compares all bytes with what was expected; nothing can be appended afterwards, but for a reset. */
  finish(): ReturnType<Checksums["finish"]> {
    // An empty download has made no file yet.
    if (this.#file === undefined) this.append(new Uint8Array());
    this.#close();
    return this.#checksums.finish();
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #close(): void {
    this.#file?.[Symbol.dispose]();
    this.#file = undefined;
  }

  #io(action: () => void): void {
    try {
      action();
    } catch (error) {
      // A full disk is not left full of what nobody may come back for.
      const code = osErrorCode(error);
      if (code === "ENOSPC" || code === "EDQUOT") {
        this.#close();
        this.#fs.remove(this.path);
      }
      throw explainIo(error, `write "${this.path}"`);
    }
  }
}
