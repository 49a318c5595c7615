import { join } from "node:path";
import { compareTensors, type Tolerance } from "./parity.ts";
import type { SucceededRun } from "./runner_result.ts";
import type { ParityEntry } from "./schema.ts";
import { readTensor, type Tensor } from "./tensor.ts";

/** Whose outputs are compared, by name. */
export interface ComparedArms {
  /** The arm that is judged, for example "vulkan". */
  readonly arm: string;
  /** Which of the arm's processes, where it has several. */
  readonly replicate?: number;
  /** What it is judged against: another arm's name, or "golden". */
  readonly reference: string;
  readonly tolerance: Tolerance;
}

/** The output tensors of a run, read from the folder the runner wrote them to, under the names that the run has. */
export async function readOutputs(folder: string, run: SucceededRun): Promise<Tensor[]> {
  return await Promise.all(
    run.outputs.map(async ({ name, file }) => ({ ...await readTensor(join(folder, file)), name })),
  );
}

/**
 * Compares output tensors by name. A tensor that only one side has fails: an output that went missing, or that nobody
 * has a reference for, was not verified.
 */
export function compareOutputs(
  reference: readonly Tensor[],
  actual: readonly Tensor[],
  compared: ComparedArms,
): ParityEntry[] {
  const names = [...new Set([...reference, ...actual].map((tensor) => tensor.name))];
  return names.map((output) => {
    const expected = reference.find((tensor) => tensor.name === output);
    const found = actual.find((tensor) => tensor.name === output);
    const head = { output, ...compared };
    if (expected !== undefined && found !== undefined) {
      const { reasons, worstIndex, ...parity } = compareTensors(expected, found, compared.tolerance);
      return { ...head, ...parity, reasons: [...reasons], worstIndex };
    }
    const reason = found === undefined
      ? `There is no output "${output}"; "${compared.reference}" has it`
      : `"${compared.reference}" has no "${output}" to compare with`;
    return { ...head, ...nothingCompared, reasons: [reason] };
  });
}

const nothingCompared = {
  ok: false,
  elements: 0,
  referenceScale: null,
  maxAbs: null,
  maxRel: null,
  rmse: null,
  p999Abs: null,
  cosine: null,
  snrDb: null,
  nan: { reference: 0, actual: 0 },
  inf: { reference: 0, actual: 0 },
  allZero: { reference: false, actual: false },
  constant: { reference: false, actual: false },
  identical: false,
  worstIndex: null,
};
