import { formatError } from "./format.ts";
import { quantileSorted } from "./statistics.ts";
import type { Tensor } from "./tensor.ts";

/** How far an output may lie from its reference. It belongs to model and driver, never to one run. */
export interface Tolerance {
  /** Largest absolute error allowed, relative to the reference tensor's scale (its largest absolute value). */
  readonly maxRel: number;
  /** Smallest cosine similarity allowed. */
  readonly minCosine: number;
}

/** A count or property of both tensors of a comparison. */
export interface Both<T> {
  readonly reference: T;
  readonly actual: T;
}

/**
 * Error figures of one tensor against its reference. A figure is `null` where it cannot be computed: shapes differ, or
 * a value is NaN or Inf. `null` never passes a tolerance.
 */
export interface ParityFigures {
  readonly elements: number;
  /** Largest |reference|; what relative errors are relative to. */
  readonly referenceScale: number | null;
  /** Largest |actual - reference|. */
  readonly maxAbs: number | null;
  /** `maxAbs / referenceScale`: relative to the tensor, so that elements near zero do not dominate. */
  readonly maxRel: number | null;
  /** Root of the mean squared error. */
  readonly rmse: number | null;
  /** 99.9th percentile of |actual - reference| (type 7). */
  readonly p999Abs: number | null;
  /** Cosine of the angle between both tensors as vectors; 1 is the same direction. */
  readonly cosine: number | null;
  /** 10 log10(sum reference² / sum error²); `null` also when there is no error at all (see `identical`). */
  readonly snrDb: number | null;
  readonly nan: Both<number>;
  readonly inf: Both<number>;
  readonly allZero: Both<boolean>;
  readonly constant: Both<boolean>;
  /** Same dtype, shape and bytes. */
  readonly identical: boolean;
  /** Where the largest error lies, one index per dimension; `null` if there is none. */
  readonly worstIndex: readonly number[] | null;
}

/** Figures and verdict of one tensor. */
export interface Parity extends ParityFigures {
  readonly ok: boolean;
  /** Why it failed, in words; empty when ok. */
  readonly reasons: readonly string[];
}

/**
 * Compares `actual` with `reference` and judges it against `tolerance`.
 *
 * Every test is written so that only a number within the tolerance passes: NaN compares false with everything and so
 * fails, where the usual `error > tolerance` would let it through. All-zero and constant outputs fail where the
 * reference is neither: a backend that computed nothing must not pass by having a small error. int64 values are
 * compared as doubles; `identical` is exact.
 */
export function compareTensors(reference: Tensor, actual: Tensor, tolerance: Tolerance): Parity {
  const figures = sameShape(reference, actual)
    ? figuresOf(reference, actual)
    : incomparable(reference, actual);
  const reasons = [
    ...formReasons(reference, actual),
    ...contentReasons(figures),
    ...toleranceReasons(figures, tolerance),
  ];
  return { ...figures, ok: reasons.length === 0, reasons };
}

function formReasons(reference: Tensor, actual: Tensor): string[] {
  const reasons: string[] = [];
  if (!sameShape(reference, actual)) {
    reasons.push(`Shape is [${actual.shape.join(", ")}], the reference has [${reference.shape.join(", ")}]`);
  }
  if (reference.dtype !== actual.dtype) {
    reasons.push(`Dtype is ${actual.dtype}, the reference has ${reference.dtype}`);
  }
  if (reference.data.length === 0) reasons.push("The reference has no elements, nothing was compared");
  return reasons;
}

function contentReasons({ nan, inf, allZero, constant }: ParityFigures): string[] {
  const reasons: string[] = [];
  if (nan.actual > 0) reasons.push(`Output holds ${nan.actual} NaN`);
  if (inf.actual > 0) reasons.push(`Output holds ${inf.actual} Inf`);
  if (nan.reference > 0) reasons.push(`The reference itself holds ${nan.reference} NaN`);
  if (inf.reference > 0) reasons.push(`The reference itself holds ${inf.reference} Inf`);
  if (allZero.actual && !allZero.reference) reasons.push("Output is all zero, the reference is not");
  else if (constant.actual && !constant.reference) reasons.push("Output is constant, the reference is not");
  return reasons;
}

function toleranceReasons({ maxRel, cosine }: ParityFigures, tolerance: Tolerance): string[] {
  const reasons: string[] = [];
  // Figures that could not be computed have their reason from above; they must still not pass.
  if (!(maxRel !== null && maxRel <= tolerance.maxRel)) {
    reasons.push(
      maxRel === null
        ? "Relative error cannot be computed"
        : `Relative error is ${formatError(maxRel, 4)}, the tolerance is ${formatError(tolerance.maxRel)}`,
    );
  }
  if (!(cosine !== null && cosine >= tolerance.minCosine)) {
    reasons.push(
      cosine === null
        ? "Cosine similarity cannot be computed"
        : `Cosine similarity is ${cosine}, the tolerance is ${tolerance.minCosine}`,
    );
  }
  return reasons;
}

function figuresOf(reference: Tensor, actual: Tensor): ParityFigures {
  const count = reference.data.length;
  const errors = new Float64Array(count);
  let [squaredError, squaredReference, squaredActual, dot] = [0, 0, 0, 0];
  let [scale, maxAbs, worst] = [0, 0, -1];
  for (let i = 0; i < count; i++) {
    const expected = Number(reference.data[i]);
    const value = Number(actual.data[i]);
    const error = Math.abs(value - expected);
    errors[i] = error;
    squaredError += error * error;
    squaredReference += expected * expected;
    squaredActual += value * value;
    dot += expected * value;
    scale = Math.max(scale, Math.abs(expected)); // Math.max passes NaN on
    // The first NaN wins and stays: nothing is larger than it.
    if (!(error <= maxAbs) && !Number.isNaN(maxAbs)) [maxAbs, worst] = [error, i];
  }
  const finite = count > 0 && Number.isFinite(squaredError) && Number.isFinite(scale);
  return {
    ...contentOf(reference, actual),
    elements: count,
    referenceScale: finite ? scale : null,
    maxAbs: finite ? maxAbs : null,
    maxRel: finite ? ratio(maxAbs, scale) : null,
    rmse: finite ? Math.sqrt(squaredError / count) : null,
    p999Abs: finite ? quantileSorted(errors.sort(), 0.999) : null,
    cosine: finite ? cosineOf(dot, squaredReference, squaredActual) : null,
    snrDb: finite && squaredError > 0 && squaredReference > 0
      ? 10 * Math.log10(squaredReference / squaredError)
      : null,
    worstIndex: worst < 0 ? null : indexOf(worst, reference.shape),
  };
}

function incomparable(reference: Tensor, actual: Tensor): ParityFigures {
  return {
    ...contentOf(reference, actual),
    elements: actual.data.length,
    referenceScale: null,
    maxAbs: null,
    maxRel: null,
    rmse: null,
    p999Abs: null,
    cosine: null,
    snrDb: null,
    worstIndex: null,
  };
}

function contentOf(
  reference: Tensor,
  actual: Tensor,
): Pick<ParityFigures, "nan" | "inf" | "allZero" | "constant" | "identical"> {
  const [a, b] = [describe(reference), describe(actual)];
  return {
    nan: { reference: a.nan, actual: b.nan },
    inf: { reference: a.inf, actual: b.inf },
    allZero: { reference: a.allZero, actual: b.allZero },
    constant: { reference: a.constant, actual: b.constant },
    identical: sameShape(reference, actual) && reference.dtype === actual.dtype &&
      reference.sha256 === actual.sha256,
  };
}

function describe(tensor: Tensor): { nan: number; inf: number; allZero: boolean; constant: boolean } {
  const first = Number(tensor.data[0]);
  let [nan, inf, zero, same] = [0, 0, 0, 0];
  for (const element of tensor.data) {
    const value = Number(element);
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) inf++;
    if (value === 0) zero++;
    if (value === first) same++;
  }
  const count = tensor.data.length;
  // One element is always "constant"; that says nothing about the backend.
  return { nan, inf, allZero: count > 0 && zero === count, constant: count > 1 && same === count };
}

/** 0/0 is no error; anything else over a zero reference cannot be expressed. */
function ratio(error: number, scale: number): number | null {
  if (scale > 0) return error / scale;
  return error === 0 ? 0 : null;
}

function cosineOf(dot: number, squaredReference: number, squaredActual: number): number | null {
  if (squaredReference === 0 && squaredActual === 0) return 1;
  const cosine = dot / (Math.sqrt(squaredReference) * Math.sqrt(squaredActual));
  if (!Number.isFinite(cosine)) return squaredReference === 0 || squaredActual === 0 ? 0 : null;
  return Math.min(1, Math.max(-1, cosine)); // rounding can push it past 1
}

function sameShape(a: Tensor, b: Tensor): boolean {
  return a.shape.length === b.shape.length && a.shape.every((extent, i) => extent === b.shape[i]);
}

function indexOf(flat: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  for (const extent of shape.toReversed()) {
    index.unshift(flat % extent);
    flat = Math.floor(flat / extent);
  }
  return index;
}
