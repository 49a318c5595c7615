/**
 * The truth table's data: what one run of `models/ops/run.py` writes, and the file that holds all drivers' verdicts.
 *
 * @module
 */
import { z } from "zod";

/** What came of a row; `models/ops/verdict.py` says what each means. */
export const VerdictKind = z.enum(["right", "wrong", "refused", "unclear", "missing", "crashed"]);

/** See {@linkcode VerdictKind}. */
export type VerdictKind = z.infer<typeof VerdictKind>;

const caseFields = {
  family: z.string(),
  op: z.string(),
  name: z.string(),
  form: z.string(),
  shapes: z.array(z.array(z.int())),
  arguments: z.record(z.string(), z.json()).optional(),
  patch: z.string().optional(),
  refusal: z.string().optional(),
};

/** The device fields that the table keeps. */
const Device = z.object({
  deviceName: z.string(),
  driverName: z.string().optional(),
  driverInfo: z.string().optional(),
  apiVersion: z.string(),
});

/** One run: a plug-in on a driver. */
export const OpsRun = z.object({
  schema: z.literal(1),
  torch: z.string(),
  device: Device,
  rows: z.array(z.object({
    ...caseFields,
    kind: VerdictKind,
    good: z.boolean(),
    error: z.number().optional(),
    message: z.string().optional(),
  })),
});

/** See {@linkcode OpsRun}. */
export type OpsRun = z.infer<typeof OpsRun>;

const Cell = z.object({
  kind: VerdictKind,
  error: z.number().optional(),
  message: z.string().optional(),
  /** Whether the patched backend may answer so. */
  good: z.boolean(),
});

/** A row with its verdict on each "<driver>/<runtime>". */
export const TruthRow = z.object({ ...caseFields, verdicts: z.record(z.string(), Cell) });

/** See {@linkcode TruthRow}. */
export type TruthRow = z.infer<typeof TruthRow>;

/** Where a column comes from. */
export const TruthSource = z.object({
  device: z.string(),
  driver: z.string(),
  torch: z.string(),
  /** SHA-256 of the plug-in, where it is known. */
  plugin: z.string().optional(),
});

/** See {@linkcode TruthSource}. */
export type TruthSource = z.infer<typeof TruthSource>;

/** The whole table. */
export const TruthTable = z.object({
  schema: z.literal(1),
  columns: z.record(z.string(), TruthSource),
  rows: z.array(TruthRow),
});

/** See {@linkcode TruthTable}. */
export type TruthTable = z.infer<typeof TruthTable>;

/** A table of nothing. */
export const EMPTY_TABLE: TruthTable = { schema: 1, columns: {}, rows: [] };

/** Names a row. */
export function rowKey(row: { family: string; op: string; name: string; form: string }): string {
  return `${row.family}/${row.op}/${row.name}/${row.form}`;
}
