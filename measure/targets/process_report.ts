/**
 * Reading what `process.sh` tells of a process on a device.
 *
 * @module
 */
import { ConnectionLost } from "./device_error.ts";

/** How a process does: "gone" has ended and left no exit code. */
export type ProcessReport =
  | { readonly kind: "gone" | "running" }
  | {
    readonly kind: "exit";
    readonly code: number;
    readonly wallMs: number;
    /** Its last lines. */
    readonly log: readonly string[];
    /** Of its files, by path. */
    readonly digests: ReadonlyMap<string, string>;
  };

/** @throws {ConnectionLost} if it says nothing of the process */
export function readProcessReport(output: string): ProcessReport {
  if (/^gone$/m.test(output)) return { kind: "gone" };
  if (/^running$/m.test(output)) return { kind: "running" };
  const found = /^exit (\d+) ([\d.]+) ([\d.]+)$/m.exec(output);
  if (found === null) throw new ConnectionLost("The device did not tell how a process does");
  const [, code, from, to] = found;
  return {
    kind: "exit",
    code: Number(code),
    // Seconds of uptime with two digits.
    wallMs: Math.max(0, Math.round((Number(to) - Number(from)) * 1_000)),
    log: [...output.matchAll(/^log (.*)$/gm)].map((match) => match[1]!),
    digests: readDigests(output),
  };
}

/** Digests by path as `sha256sum` prints them for `find .`. */
export function readDigests(output: string): Map<string, string> {
  return new Map(
    [...output.matchAll(/^([0-9a-f]{64}) [ *]\.\/(.+)$/gm)].map((match) => [match[2]!, match[1]!]),
  );
}

/** The last lines that the runner wrote for people; what it wrote for programs has the same again, with a stack. */
export function wordsOf(output: string): string[] {
  return output.trim().split("\n").filter((line) => line !== "" && !line.startsWith("{")).slice(-5);
}
