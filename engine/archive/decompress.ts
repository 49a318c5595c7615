/**
 * Decompression by file name: xz, gzip, zstd or none.
 *
 * @module
 */
import { promisify } from "node:util";
import { gunzip, zstdDecompress } from "node:zlib";
import { EngineError } from "../error.ts";

/**
 * Unpacks compressed bytes.
 *
 * @param name decides the format by its ending
 * @param maxBytes refuses to make more than this
 * @throws {EngineError} "archive-malformed" for damaged data, "archive-unsafe" past `maxBytes`
 */
export async function decompress(
  name: string,
  data: Uint8Array,
  maxBytes: number,
): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array>> {
  const ending = name.slice(name.lastIndexOf(".") + 1);
  // To the zstd decoder nothing is a whole stream.
  if (data.length === 0) throw damaged(name, new Error("it is empty"));
  switch (ending) {
    case "tar":
      return [data];
    case "xz":
      return xz(name, data, maxBytes);
    case "gz":
    case "tgz":
      return [await whole(name, () => promisify(gunzip)(data, { maxOutputLength: maxBytes }), maxBytes)];
    case "zst":
      return [
        await whole(name, () => promisify(zstdDecompress)(data, { maxOutputLength: maxBytes }), maxBytes),
      ];
    default:
      throw new EngineError("archive-malformed", `Cannot unpack "${name}": no decoder for ".${ending}"`);
  }
}

async function* xz(name: string, data: Uint8Array, maxBytes: number): AsyncGenerator<Uint8Array> {
  // CommonJS without types for named imports.
  const { default: library } = await import("xz-decompress");
  const input = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(data);
      controller.close();
    },
  });
  let total = 0;
  try {
    for await (const chunk of new library.XzReadableStream(input) as ReadableStream<Uint8Array>) {
      total += chunk.length;
      if (total > maxBytes) throw tooLarge(name, maxBytes);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw damaged(name, error);
  }
}

async function whole(name: string, unpack: () => Promise<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  try {
    return await unpack();
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(name, maxBytes);
    throw damaged(name, error);
  }
}

function tooLarge(name: string, maxBytes: number): EngineError {
  return new EngineError("archive-unsafe", `Cannot unpack "${name}": it grows beyond ${maxBytes} bytes`, {
    hint: "If the archive is genuine, raise the limit where it is used",
  });
}

function damaged(name: string, cause: unknown): EngineError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EngineError(
    "archive-malformed",
    `Cannot unpack "${name}": the compressed data is damaged (${reason})`,
    { cause },
  );
}
