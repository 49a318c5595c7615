/**
 * The published JSON Schema of `result.json`, generated from the types that read it:
 * `deno run -A measure/result_schema.ts` writes it.
 *
 * @module
 */
import { z } from "zod";
import { Result } from "./schema.ts";

/** Where it lies, beside the documentation. */
export const RESULT_SCHEMA_FILE = new URL("../docs/result.schema.json", import.meta.url);

/**
 * The schema's text. It describes what is accepted: fields that a later version adds are allowed, and those that an earlier
 * one did not write are not required.
 */
export function resultSchemaText(): string {
  const schema = z.toJSONSchema(Result, { io: "input", target: "draft-2020-12" });
  const about = {
    $schema: schema.$schema,
    title: "result.json of a vkforge result folder, schema 1",
    description: "Grows by optional fields only; what is not compatible gets another number in `schema`.",
  };
  return `${JSON.stringify({ ...about, ...schema }, null, 2)}\n`;
}

if (import.meta.main) await Deno.writeTextFile(RESULT_SCHEMA_FILE, resultSchemaText());
