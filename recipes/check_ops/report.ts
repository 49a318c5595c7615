/**
 * `check.json` as typed data.
 *
 * @module
 */
import { z } from "zod";
import { EngineError } from "../../engine/mod.ts";

const shape = z.array(z.number());
const left = z.object({ verdict: z.string(), reason: z.string() });

const operator = z.object({
  op: z.string(),
  name: z.string(),
  scope: z.string(),
  source: z.string(),
  inputs: z.array(shape),
  outputs: z.array(shape),
  verdict: z.enum(["right", "wrong", "missing", "too-many-dimensions", "over-image-limits", "refused"]),
  reason: z.string(),
  rewrites: z.array(z.string()),
  left: z.array(left),
});

const fix = z.object({
  file: z.string().nullable(),
  equal: z.boolean(),
  difference: z.number().nullable(),
  tolerance: z.number(),
  rewrites: z.record(z.string(), z.number()),
});

const report = z.object({
  schema: z.literal(1),
  model: z.string(),
  runtime: z.enum(["stock", "vkforge"]),
  inputs: z.array(shape),
  ok: z.boolean(),
  mendable: z.boolean(),
  operators: z.array(operator),
  fix: fix.optional(),
});

const failure = z.object({
  schema: z.literal(1),
  error: z.object({ exitCode: z.number(), message: z.string(), hint: z.string(), detail: z.string() }),
});

/** One call of an operator and what comes of it. */
export type OperatorReport = z.infer<typeof operator>;

/** What was found in a file. */
export type CheckReport = z.infer<typeof report>;

/**
 * Reads `check.json`.
 *
 * @throws {EngineError} where it says that the file ("step-failed") or the inputs ("usage") cannot be used; torch's own
 * words are its cause
 */
export function parseCheck(text: string): CheckReport {
  const parsed = z.union([report, failure]).parse(JSON.parse(text));
  if (!("error" in parsed)) return parsed;
  const { exitCode, message, hint, detail } = parsed.error;
  throw new EngineError(exitCode === 2 ? "usage" : "step-failed", message, {
    hint,
    ...(detail === "" ? {} : { cause: new Error(detail) }),
  });
}

/** Whether a program may run the model as it is, or, where it was asked for, as it was mended. */
export function isGood(found: CheckReport): boolean {
  return found.fix === undefined ? found.ok : found.mendable && found.fix.equal;
}
