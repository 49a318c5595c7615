/**
 * The truth table's data: what one run of `models/ops/run.py` writes, and the table that holds all drivers' answers.
 * How the table lies in its file: `file.ts`.
 *
 * @module
 */
import { z } from "zod";

/** What came of a row; `models/ops/verdict.py` says what each means. */
export const VerdictKind = z.enum(["right", "wrong", "refused", "unclear", "missing", "crashed"]);

/** See {@linkcode VerdictKind}. */
export type VerdictKind = z.infer<typeof VerdictKind>;

/** What describes a row; a row is a case in one form. */
export const CaseFields = z.object({
  family: z.string(),
  /** The operator as people name it. */
  op: z.string(),
  /** Unique among the operator's cases. */
  name: z.string(),
  /** How the case was run: `FORMS` in `models/ops/case.py`. */
  form: z.string(),
  /** Of the inputs that are tensors. */
  shapes: z.array(z.array(z.int())),
  arguments: z.record(z.string(), z.json()).optional(),
  /** The patch or own operator that mends what stock does wrong here. */
  patch: z.string().optional(),
  /** A part of the sentence with which the patched backend rightly refuses. */
  refusal: z.string().optional(),
});

/** The device fields that the table keeps. */
const Device = z.object({
  deviceName: z.string(),
  deviceType: z.union([z.string(), z.number()]).optional(),
  vendorId: z.union([z.string(), z.number()]).optional(),
  driverName: z.string().optional(),
  driverInfo: z.string().optional(),
  driverVersion: z.union([z.string(), z.number()]).optional(),
  apiVersion: z.string(),
});

/** One run: a plug-in on a driver. */
export const OpsRun = z.object({
  schema: z.literal(1),
  torch: z.string(),
  device: Device,
  rows: z.array(CaseFields.extend({
    kind: VerdictKind,
    good: z.boolean(),
    error: z.number().optional(),
    message: z.string().optional(),
  })),
});

/** See {@linkcode OpsRun}. */
export type OpsRun = z.infer<typeof OpsRun>;

/** What a backend made of a row. */
export const Answer = z.object({
  kind: VerdictKind,
  /** Whether the patched backend may answer so: right, or refused as the case says. */
  good: z.boolean(),
  /** What is wrong, or the error that torch threw. */
  message: z.string().optional(),
});

/** See {@linkcode Answer}. */
export type Answer = z.infer<typeof Answer>;

/** A row with its answer on each "<driver>/<runtime>" it was run on. */
export type TruthRow = z.infer<typeof CaseFields> & { readonly answers: Readonly<Record<string, Answer>> };

/** Where a column comes from. */
export const TruthSource = z.object({
  device: z.string(),
  driver: z.string(),
  torch: z.string(),
  /** SHA-256 of the plug-in's output folder, where it is known. */
  plugin: z.string().optional(),
});

/** See {@linkcode TruthSource}. */
export type TruthSource = z.infer<typeof TruthSource>;

/** The whole table. */
export interface TruthTable {
  readonly columns: Readonly<Record<string, TruthSource>>;
  /** By family, operator and case, in the order of the case files. */
  readonly rows: readonly TruthRow[];
}

/** A table of nothing. */
export const EMPTY_TABLE: TruthTable = { columns: {}, rows: [] };

/** Names a row. */
export function rowKey(row: { family: string; op: string; name: string; form: string }): string {
  return `${row.family}/${row.op}/${row.name}/${row.form}`;
}
