/**
 * What a command says of a result at its end.
 *
 * @module
 */
import { join } from "node:path";
import type { Result } from "../measure/mod.ts";

/** Prints the table and where the report lies, or the JSON document. */
export async function printResult(
  { result, folder }: { readonly result: Result; readonly folder: string },
  { json }: { readonly json: boolean },
): Promise<void> {
  const { renderTable, summarize } = await import("../measure/mod.ts");
  if (json) return console.log(JSON.stringify(summarize(result, folder)));
  for (const line of renderTable(result, consoleWidth())) console.log(line);
  console.log(`\nreport: ${join(folder, "report.html")}`);
}

function consoleWidth(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 100;
  }
}
