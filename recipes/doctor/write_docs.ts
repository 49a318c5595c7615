/**
 * Writes docs/troubleshooting.md: `deno run -A recipes/doctor/write_docs.ts`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { troubleshootingMarkdown } from "./troubleshooting.ts";

if (import.meta.main) {
  const path = fileURLToPath(new URL("../../docs/troubleshooting.md", import.meta.url));
  Deno.writeTextFileSync(path, troubleshootingMarkdown());
  // Lines are broken by the formatter, which has the last word on them.
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", path] }).output();
  if (!success) throw new Error(`Cannot format "${path}"`);
}
