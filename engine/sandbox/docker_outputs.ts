/**
 * Taking what a program left in `/out` out of its container: an archive that the engine makes of a folder that the
 * program made, so neither is trusted. Files go to the disk as they come.
 *
 * @module
 */
import { join } from "node:path";
import { extract } from "tar-stream";
import { safePath } from "../archive/mod.ts";
import { EngineError, explainIo } from "../error.ts";
import type { Host } from "../host.ts";

/** What {@linkcode takeOutputs} works with. */
export interface TakeOptions {
  readonly host: Host;
  /** Empty host folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** The engine's answer; destroying it ends the connection. */
type Archive = AsyncIterable<Uint8Array> & { destroy(): void };

/** More than any step makes; each entry costs some memory here. */
const MAX_ENTRIES = 1_000_000;

/**
 * Unpacks the engine's archive of `/out`.
 *
 * @throws {EngineError} "output-unsafe" for what is neither file, folder nor link; "archive-unsafe" and
 * "archive-malformed" for an archive that no engine would make of a folder; "disk-full"
 */
export async function takeOutputs(archive: Archive, options: TakeOptions): Promise<void> {
  const reader = extract();
  let failure: unknown;
  const feeding = feed(reader, archive, options.signal).catch((error) => {
    failure ??= error;
    reader.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  const taker = new Taker(options);
  try {
    for await (const entry of reader) await taker.take(entry.header, entry as AsyncIterable<Uint8Array>);
  } catch (error) {
    failure ??= error;
    throw asOutputError(failure);
  } finally {
    reader.destroy();
    archive.destroy();
    await feeding;
  }
}

interface Header {
  readonly name: string;
  readonly type?: string | null | undefined;
  readonly size?: number | undefined;
  readonly mode?: number | undefined;
  readonly linkname?: string | null | undefined;
}

class Taker {
  readonly #host: Host;
  readonly #folder: string;
  /** What the archive calls the folder itself: "out" if Docker made it, "" if Podman did. */
  #top: string | undefined;
  /** Everything made so far: nothing is written through a link, and nothing twice. */
  readonly #made = new Map<string, "folder" | "file" | "link">([["", "folder"]]);

  constructor({ host, folder }: TakeOptions) {
    this.#host = host;
    this.#folder = folder;
  }

  async take(header: Header, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.#pathOf(header.name);
    if (path !== "" && this.#made.size > MAX_ENTRIES) {
      throw unsafe(`it holds more than ${MAX_ENTRIES} entries`);
    }
    switch (header.type) {
      case "directory":
        if (path !== "") this.#claim(path, "folder");
        this.#host.fs.mkdir(join(this.#folder, path));
        break;
      case "file":
      case "contiguous-file":
        this.#claim(path, "file");
        await this.#write(path, header, content);
        return;
      case "symlink":
        this.#claim(path, "link");
        this.#host.fs.symlink(header.linkname ?? "", join(this.#folder, path));
        break;
      case "link": {
        const target = this.#pathOf(header.linkname ?? "");
        if (this.#made.get(target) !== "file") {
          throw unsafe(`the hard link "${path}" leads to no file before it`);
        }
        this.#claim(path, "file");
        this.#host.fs.link(join(this.#folder, target), join(this.#folder, path));
        break;
      }
      default:
        throw new EngineError(
          "output-unsafe",
          `The program made "${path}", which is neither a file, a folder nor a link`,
        );
    }
    // An entry's content must be read to come to the next.
    for await (const _ of content);
  }

  #pathOf(name: string): string {
    // Podman's paths begin with a "/".
    const path = safePath(name.replace(/^\//, ""));
    if (this.#top === undefined) {
      if (path !== "" && path !== "out") throw unsafe(`it begins with "${path}"`);
      this.#top = path;
    }
    if (path === this.#top) return "";
    if (this.#top === "") return path;
    if (!path.startsWith(`${this.#top}/`)) throw unsafe(`"${path}" does not lie below "${this.#top}"`);
    return path.slice(this.#top.length + 1);
  }

  #claim(path: string, kind: "folder" | "file" | "link"): void {
    const slash = path.lastIndexOf("/");
    if (this.#made.get(slash === -1 ? "" : path.slice(0, slash)) !== "folder") {
      throw unsafe(`"${path}" does not lie in a folder before it`);
    }
    if (path === "" || this.#made.has(path)) throw unsafe(`it holds "${path}" twice`);
    this.#made.set(path, kind);
  }

  async #write(path: string, header: Header, content: AsyncIterable<Uint8Array>): Promise<void> {
    const { fs } = this.#host;
    const absolute = join(this.#folder, path);
    const sizeBytes = header.size ?? 0;
    // A file of holes is small there and would fill the disk here.
    if (sizeBytes > fs.freeBytes(this.#folder)) {
      throw new EngineError(
        "disk-full",
        `Cannot take the output "${path}" of ${sizeBytes} bytes: the disk is too small`,
        {
          hint: "Free some space or point VKFORGE_HOME to a larger disk; nothing that was finished is lost",
        },
      );
    }
    using file = fs.openWrite(absolute, { mode: ((header.mode ?? 0) & 0o100) === 0 ? 0o644 : 0o755 });
    for await (const chunk of content) file.write(chunk);
  }
}

async function feed(
  reader: ReturnType<typeof extract>,
  archive: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of archive) {
    signal.throwIfAborted();
    if (reader.destroyed) return;
    if (!reader.write(chunk)) await new Promise<void>((resolve) => onceReady(reader, resolve));
  }
  reader.end(undefined);
}

function onceReady(reader: ReturnType<typeof extract>, resolve: () => void): void {
  const done = () => {
    reader.off("drain", done);
    reader.off("close", done);
    resolve();
  };
  reader.on("drain", done);
  reader.on("close", done);
}

function unsafe(reason: string): EngineError {
  return new EngineError("archive-unsafe", `Cannot take the program's output: ${reason}`, {
    hint: "Nothing of it was kept",
  });
}

function asOutputError(error: unknown): EngineError {
  return explainIo(error, "take the program's output");
}
