/**
 * `deno task doctor`: is this machine fit, and what does that failure mean.
 *
 * @module
 */
import { EngineError, EXIT, explainIo, type Host } from "../engine/mod.ts";
import { type Check, checks, diagnose, type Diagnosis } from "../recipes/doctor/mod.ts";
import { baseCommand } from "./_options.ts";
import { storeRoot } from "./_session.ts";

const SIGNS: Readonly<Record<Check["status"], string>> = {
  ok: "ok  ",
  info: "info",
  warn: "warn",
  fail: "FAIL",
};

/** The command. */
export function command(host: Host) {
  return baseCommand("doctor", "Check this machine, or explain a failure")
    .option("--log <file>", "look for known failures in a log, from any PyTorch build or app")
    .addHelpText("after", EXAMPLES)
    .action(async ({ json, log }) => {
      if (log !== undefined) {
        const found = diagnose(readLog(host, log));
        if (json) {
          console.log(
            JSON.stringify({ schema: 1, command: "doctor", ok: found.length > 0, diagnoses: found }),
          );
        } else for (const line of diagnosisLines(found)) console.log(line);
        if (found.length === 0) Deno.exitCode = EXIT.failed;
        return;
      }
      const found = await checks(host, { cacheFolder: storeRoot(host) });
      const ok = found.every(({ status }) => status !== "fail");
      if (json) console.log(JSON.stringify({ schema: 1, command: "doctor", ok, checks: found }));
      else for (const line of checkLines(found)) console.log(line);
      if (!ok) Deno.exitCode = EXIT.failed;
    });
}

const EXAMPLES = `
Examples:
  deno task doctor
  deno task doctor --log build.log
`;

function readLog(host: Host, path: string): string {
  try {
    return host.fs.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new EngineError("usage", `Cannot read the log "${path}": there is no such file`, {
        hint: "Give the path of a text file",
        cause: error,
      });
    }
    throw explainIo(error, `read the log "${path}"`);
  }
}

function checkLines(found: readonly Check[]): string[] {
  return found.flatMap(({ name, status, message, hint }) => [
    `${SIGNS[status]}  ${name}: ${message}`,
    ...(hint === undefined ? [] : [`      ${hint}`]),
  ]);
}

function diagnosisLines(found: readonly Diagnosis[]): string[] {
  if (found.length === 0) {
    return ["No known failure in this log; docs/troubleshooting.md lists those that vkforge knows"];
  }
  return found.flatMap(({ title, cause, fix, reference, line, lineNumber }) => [
    `line ${lineNumber}: ${line}`,
    `  ${title}`,
    `  cause: ${cause}`,
    `  fix: ${fix}`,
    `  see: ${reference}`,
    "",
  ]);
}
