import { describe, expect, it } from "vitest";
import { compareTensors, type Tolerance } from "./parity.ts";
import type { Tensor } from "./tensor.ts";

const tolerance: Tolerance = { maxRel: 1e-5, minCosine: 0.99999 };
const reference = tensor([1, -2, 3, 4, 0, 0.5]);

describe("compareTensors()", () => {
  it("passes the same tensor and calls it identical", () => {
    const parity = compareTensors(reference, reference, tolerance);
    expect(parity).toMatchObject({
      ok: true,
      reasons: [],
      maxAbs: 0,
      maxRel: 0,
      rmse: 0,
      cosine: 1,
      identical: true,
      worstIndex: null,
    });
    expect(parity.snrDb).toBe(null);
  });

  it("gives the figures of a known difference", () => {
    const parity = compareTensors(
      tensor([3, 4], [1, 2]),
      tensor([3, 4.5], [1, 2]),
      { maxRel: 1, minCosine: 0 },
    );
    expect(parity.referenceScale).toBe(4);
    expect(parity.maxAbs).toBe(0.5);
    expect(parity.maxRel).toBe(0.125);
    expect(parity.rmse).toBeCloseTo(Math.sqrt(0.125), 12);
    expect(parity.p999Abs).toBeCloseTo(0.4995, 12);
    expect(parity.cosine).toBeCloseTo((9 + 18) / (5 * Math.sqrt(29.25)), 12);
    expect(parity.snrDb).toBeCloseTo(10 * Math.log10(25 / 0.25), 12);
    expect(parity.worstIndex).toEqual([0, 1]);
    expect(parity.ok).toBe(true);
  });

  it("accepts the tolerance itself and nothing beyond", () => {
    const limits = { maxRel: 0.125, minCosine: -1 };
    expect(compareTensors(tensor([4, 1]), tensor([4.5, 1]), limits).ok).toBe(true);
    const beyond = compareTensors(tensor([4, 1]), tensor([4.5625, 1]), limits);
    expect(beyond.ok).toBe(false);
    expect(beyond.reasons).toEqual(["Relative error is 0.1406, the tolerance is 0.13"]);
  });

  it.each([NaN, Infinity, -Infinity])("never passes %s, whatever the tolerance", (value) => {
    const lax = { maxRel: Infinity, minCosine: -1 };
    const parity = compareTensors(reference, tensor([1, -2, value, 4, 0, 0.5]), lax);
    expect(parity.ok).toBe(false);
    expect(parity.maxRel).toBe(null);
    expect(parity.reasons[0]).toMatch(/^Output holds 1 (NaN|Inf)$/);
  });

  it("never passes NaN tolerances", () => {
    expect(compareTensors(reference, reference, { maxRel: NaN, minCosine: 0 }).ok).toBe(false);
    expect(compareTensors(reference, reference, { maxRel: 1, minCosine: NaN }).ok).toBe(false);
  });

  it("fails where the reference holds the same NaN", () => {
    const both = tensor([1, NaN]);
    const parity = compareTensors(both, both, tolerance);
    expect(parity.reasons).toContain("The reference itself holds 1 NaN");
  });

  it("fails an all-zero output even at a lax tolerance", () => {
    const parity = compareTensors(reference, tensor([0, 0, 0, 0, 0, 0]), { maxRel: 10, minCosine: -1 });
    expect(parity.ok).toBe(false);
    expect(parity.reasons).toEqual(["Output is all zero, the reference is not"]);
    expect(parity.cosine).toBe(0);
  });

  it("fails a constant output even at a lax tolerance", () => {
    const parity = compareTensors(reference, tensor([2, 2, 2, 2, 2, 2]), { maxRel: 10, minCosine: -1 });
    expect(parity.reasons).toEqual(["Output is constant, the reference is not"]);
  });

  it("passes all zero against all zero", () => {
    expect(compareTensors(tensor([0, 0]), tensor([0, 0]), tolerance)).toMatchObject({ ok: true, maxRel: 0 });
  });

  it("fails anything against an all-zero reference", () => {
    const parity = compareTensors(tensor([0, 0]), tensor([0, 1e-9]), tolerance);
    expect(parity.ok).toBe(false);
    expect(parity.maxRel).toBe(null);
  });

  it("fails another shape with the same number of elements", () => {
    const parity = compareTensors(tensor([1, 2], [1, 2]), tensor([1, 2], [2, 1]), tolerance);
    expect(parity.reasons[0]).toBe("Shape is [2, 1], the reference has [1, 2]");
    expect(parity.maxAbs).toBe(null);
    expect(parity.identical).toBe(false);
  });

  it("fails another dtype", () => {
    const halves: Tensor = {
      ...tensor([1, 2]),
      dtype: "float16",
      data: new Float16Array([1, 2]),
      sha256: "b",
    };
    expect(compareTensors(tensor([1, 2]), halves, tolerance).reasons).toEqual([
      "Dtype is float16, the reference has float32",
    ]);
  });

  it("fails an empty reference: nothing was compared", () => {
    expect(compareTensors(tensor([], [0]), tensor([], [0]), tolerance).reasons[0]).toContain("no elements");
  });

  it("compares int64 class indexes", () => {
    const index = (value: bigint): Tensor => ({
      name: "y",
      dtype: "int64",
      shape: [1],
      data: new BigInt64Array([value]),
      sha256: String(value),
    });
    expect(compareTensors(index(7n), index(7n), tolerance).ok).toBe(true);
    expect(compareTensors(index(7n), index(8n), tolerance).ok).toBe(false);
  });

  it("judges a million elements in well under a second", () => {
    const big = tensor(Array.from({ length: 1_000_000 }, (_, i) => Math.sin(i)));
    const start = performance.now();
    expect(compareTensors(big, big, tolerance).ok).toBe(true);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

function tensor(values: readonly number[], shape: readonly number[] = [values.length]): Tensor {
  const data = new Float32Array(values);
  return { name: "output", dtype: "float32", shape, data, sha256: data.join() };
}
