import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { MeasureError } from "./error.ts";

/** Element types a tensor file can hold. */
export const DTYPES = ["float32", "float16", "int64", "int32", "uint8", "bool"] as const;

/** Element type of a tensor, by torch's name. */
export type DType = typeof DTYPES[number];

/** Elements of a tensor; `bool` is one byte per element, 0 or 1. */
export type TensorData = Float32Array | Float16Array | BigInt64Array | Int32Array | Uint8Array;

/** A dense tensor in row-major (C) order. */
export interface Tensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TensorData;
  /** SHA-256 of the raw bytes, lower-case hex. */
  readonly sha256: string;
}

const plainFileName = /^[^/\\]+$/;

/** The header file `x.json` of a tensor; the raw little-endian elements lie beside it in the file `data` names. */
export const TensorHeader = z.object({
  schema: z.literal(1),
  name: z.string(),
  dtype: z.enum(DTYPES),
  shape: z.array(z.int().nonnegative()),
  // A plain name, so that a header can never point out of its own folder.
  data: z.string().regex(plainFileName).refine((name) => name !== "." && name !== ".."),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Parsed header of a tensor file. */
export type TensorHeader = z.infer<typeof TensorHeader>;

/**
 * Reads the tensor whose header lies at `headerPath`, and checks its size and hash.
 *
 * @throws {MeasureError} `not-found` if a file is missing; `unknown-schema` or `bad-tensor` if header or data are wrong
 */
export async function readTensor(headerPath: string): Promise<Tensor> {
  const header = parseTensorHeader(new TextDecoder().decode(await bytesOf(headerPath)), headerPath);
  const dataPath = join(dirname(headerPath), header.data);
  return await tensorOf(header, await bytesOf(dataPath), { label: dataPath });
}

/**
 * Parses the text of a tensor header; `label` names it in errors.
 *
 * @throws {MeasureError} `unknown-schema` for another schema version, `bad-tensor` for anything else
 */
export function parseTensorHeader(text: string, label: string): TensorHeader {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new MeasureError("bad-tensor", `Cannot read tensor header "${label}": it is not JSON`, { cause });
  }
  const schema = (json as { schema?: unknown } | null)?.schema;
  if (schema !== 1) {
    throw new MeasureError(
      "unknown-schema",
      `Cannot read tensor header "${label}": schema ${JSON.stringify(schema) ?? "(none)"} is not known`,
      { hint: "This version reads schema 1" },
    );
  }
  const parsed = TensorHeader.safeParse(json);
  if (!parsed.success) {
    throw new MeasureError(
      "bad-tensor",
      `Cannot read tensor header "${label}": ${z.prettifyError(parsed.error).replaceAll("\n", " ")}`,
      { cause: parsed.error },
    );
  }
  return parsed.data;
}

/**
 * Joins a header with its raw bytes; checks size and SHA-256. `label` names the data in errors.
 *
 * @throws {MeasureError} `bad-tensor` if size or hash differ from what the header says
 */
export async function tensorOf(
  header: TensorHeader,
  bytes: Uint8Array,
  { label }: { readonly label: string },
): Promise<Tensor> {
  const expected = elementCount(header.shape) * BYTES_PER_ELEMENT[header.dtype];
  if (bytes.byteLength !== expected) {
    throw new MeasureError(
      "bad-tensor",
      `Cannot read tensor data "${label}": it has ${bytes.byteLength} bytes, ` +
        `${header.dtype} [${header.shape.join(", ")}] needs ${expected}`,
      { hint: "The file is truncated or belongs to another header" },
    );
  }
  // A copy: the elements need their own alignment, and hashing needs a plain ArrayBuffer.
  const copy = Uint8Array.from(bytes);
  const sha256 = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", copy)));
  if (sha256 !== header.sha256) {
    throw new MeasureError(
      "bad-tensor",
      `Cannot read tensor data "${label}": sha256 is ${sha256}, the header says ${header.sha256}`,
      { hint: "The file changed after it was written; make it again" },
    );
  }
  return {
    name: header.name,
    dtype: header.dtype,
    shape: header.shape,
    data: viewAs(header.dtype, copy.buffer),
    sha256,
  };
}

/** Number of elements of a shape; 1 for a scalar (`[]`). */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

const BYTES_PER_ELEMENT: Readonly<Record<DType, number>> = {
  float32: 4,
  float16: 2,
  int64: 8,
  int32: 4,
  uint8: 1,
  bool: 1,
};

/** Typed arrays use the host's byte order; every platform Deno and Node run on is little-endian. */
function viewAs(dtype: DType, buffer: ArrayBuffer): TensorData {
  switch (dtype) {
    case "float32":
      return new Float32Array(buffer);
    case "float16":
      return new Float16Array(buffer);
    case "int64":
      return new BigInt64Array(buffer);
    case "int32":
      return new Int32Array(buffer);
    case "uint8":
    case "bool":
      return new Uint8Array(buffer);
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const missing = (cause as { code?: string }).code === "ENOENT";
    throw new MeasureError(
      missing ? "not-found" : "io",
      missing ? `Cannot read tensor file "${path}": it does not exist` : `Cannot read tensor file "${path}"`,
      { cause },
    );
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
