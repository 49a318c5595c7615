import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MeasureError } from "./error.ts";
import { parseTensorHeader, readTensor } from "./tensor.ts";
import { tensorFiles } from "./testdata/tensor_files.ts";

describe("readTensor()", () => {
  let dir = "";
  beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), "vkforge-tensor-"))));
  afterAll(() => rm(dir, { recursive: true }));

  async function roundTrip(dtype: string, bytes: Uint8Array, shape: number[]) {
    const files = await tensorFiles({ name: dtype, dtype, shape, bytes });
    await writeFile(join(dir, `${dtype}.json`), files.header);
    await writeFile(join(dir, `${dtype}.bin`), files.data);
    return await readTensor(join(dir, `${dtype}.json`));
  }

  it("reads float32", async () => {
    const tensor = await roundTrip("float32", new Uint8Array(new Float32Array([1.5, -2]).buffer), [1, 2]);
    expect(tensor.data).toEqual(new Float32Array([1.5, -2]));
    expect(tensor.shape).toEqual([1, 2]);
  });

  it("reads float16 by its bits", async () => {
    const bits = new Uint16Array([0x3c00, 0xc100, 0x7c00, 0x0001]);
    const tensor = await roundTrip("float16", new Uint8Array(bits.buffer), [4]);
    expect(Array.from(tensor.data as Float16Array)).toEqual([1, -2.5, Infinity, 2 ** -24]);
  });

  it("reads int64 without loss", async () => {
    const tensor = await roundTrip(
      "int64",
      new Uint8Array(new BigInt64Array([9007199254740993n, -1n]).buffer),
      [2],
    );
    expect(tensor.data).toEqual(new BigInt64Array([9007199254740993n, -1n]));
  });

  it("reads int32, uint8 and bool", async () => {
    expect((await roundTrip("int32", new Uint8Array([255, 255, 255, 255]), [1])).data).toEqual(
      new Int32Array([-1]),
    );
    expect((await roundTrip("uint8", new Uint8Array([255, 0]), [2])).data).toEqual(new Uint8Array([255, 0]));
    expect((await roundTrip("bool", new Uint8Array([1, 0]), [2])).data).toEqual(new Uint8Array([1, 0]));
  });

  it("reads a scalar, whose shape is empty", async () => {
    expect((await roundTrip("float32", new Uint8Array(4), [])).data.length).toBe(1);
  });

  it("reads data that starts at an odd offset of a larger buffer", async () => {
    const padded = new Uint8Array(5);
    padded.set(new Uint8Array(new Float32Array([3]).buffer), 1);
    expect((await roundTrip("float32", padded.subarray(1), [1])).data).toEqual(new Float32Array([3]));
  });

  it("refuses truncated data and says both sizes", async () => {
    const files = await tensorFiles({ name: "x", dtype: "float32", shape: [2], bytes: new Uint8Array(8) });
    await writeFile(join(dir, "short.json"), files.header.replace("x.bin", "short.bin"));
    await writeFile(join(dir, "short.bin"), files.data.subarray(0, 7));
    const error = await failure(readTensor(join(dir, "short.json")));
    expect(error.code).toBe("bad-tensor");
    expect(error.message).toContain("it has 7 bytes, float32 [2] needs 8");
  });

  it("refuses changed data and names both hashes", async () => {
    const files = await tensorFiles({ name: "x", dtype: "uint8", shape: [2], bytes: new Uint8Array([1, 2]) });
    await writeFile(join(dir, "x.json"), files.header);
    await writeFile(join(dir, "x.bin"), new Uint8Array([1, 3]));
    const error = await failure(readTensor(join(dir, "x.json")));
    expect(error.code).toBe("bad-tensor");
    expect(error.message).toMatch(/sha256 is [0-9a-f]{64}, the header says [0-9a-f]{64}/);
  });

  it("names a missing file", async () => {
    const error = await failure(readTensor(join(dir, "none.json")));
    expect(error.code).toBe("not-found");
    expect(error.message).toContain("none.json");
  });
});

describe("parseTensorHeader()", () => {
  const good = {
    schema: 1,
    name: "x",
    dtype: "float32",
    shape: [1],
    data: "x.bin",
    sha256: "0".repeat(64),
  };

  it("accepts the documented header", () => {
    expect(parseTensorHeader(JSON.stringify(good), "x.json").shape).toEqual([1]);
  });

  it("refuses another schema by name", () => {
    const error = failureOf(() => parseTensorHeader(JSON.stringify({ ...good, schema: 2 }), "x.json"));
    expect(error.code).toBe("unknown-schema");
    expect(error.message).toContain("schema 2");
  });

  const bad = [
    { data: "../x.bin" },
    { data: "/etc/passwd" },
    { data: "a\\b" },
    { data: ".." },
    { dtype: "float64" },
    { shape: [-1] },
    { shape: [1.5] },
    { sha256: "12" },
  ];
  for (const change of bad) {
    it(`refuses ${JSON.stringify(change)}`, () => {
      const text = JSON.stringify({ ...good, ...change });
      expect(failureOf(() => parseTensorHeader(text, "x.json")).code).toBe("bad-tensor");
    });
  }

  it("refuses text that is not JSON", () => {
    expect(failureOf(() => parseTensorHeader("{", "x.json")).message).toContain("it is not JSON");
  });
});

async function failure(promise: Promise<unknown>): Promise<MeasureError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof MeasureError) return error;
    throw error;
  }
  throw new Error("expected a MeasureError, got none");
}

function failureOf(body: () => unknown): MeasureError {
  try {
    body();
  } catch (error) {
    if (error instanceof MeasureError) return error;
    throw error;
  }
  throw new Error("expected a MeasureError, got none");
}
