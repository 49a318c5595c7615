/**
 * Reads lock files. A schema library is loaded only here and only when needed: it costs a tenth of a fast start.
 *
 * @module
 */
import type { ZodType } from "zod";
import { EngineError, explainIo } from "../error.ts";
import type { Host } from "../host.ts";
import { describeIssue } from "./_describe_issue.ts";
import type { LockFile, PackagesLock } from "./lock_file.ts";

/** The version of both files that this code reads and writes. */
const SCHEMA = 1;

/** What to do about a file that cannot be used. Only the locks of packages can be resolved from nothing. */
const RESTORE = "Restore it from version control";
const RESTORE_OR_LOCK = `${RESTORE}, or make it anew with \`deno task lock\``;

/**
 * Reads `vkforge.lock.json`.
 *
 * @throws {EngineError} "lock-missing"; "lock-malformed" naming the first member that is not as it should be
 */
export async function readLockFile(host: Host, path: string): Promise<LockFile> {
  const json = readJson(host, { path, remedy: RESTORE });
  const { lockFileSchema } = await import("./lock_file.ts");
  return parse(json, { schema: lockFileSchema, path, remedy: RESTORE });
}

/**
 * Reads the packages lock of an image.
 *
 * @throws {EngineError} as {@linkcode readLockFile}
 */
export async function readPackagesLock(host: Host, path: string): Promise<PackagesLock> {
  const json = readJson(host, { path, remedy: RESTORE_OR_LOCK });
  const { packagesLockSchema } = await import("./lock_file.ts");
  return parse(json, { schema: packagesLockSchema, path, remedy: RESTORE_OR_LOCK });
}

interface LockText {
  readonly path: string;
  /** What to do if it cannot be used. */
  readonly remedy: string;
}

function readJson(host: Host, { path, remedy }: LockText): unknown {
  let text: string;
  try {
    if (host.fs.lstat(path) === undefined) {
      throw new EngineError("lock-missing", `Cannot find the lock file "${path}"`, {
        hint: remedy,
      });
    }
    text = host.fs.readTextFile(path);
  } catch (error) {
    throw explainIo(error, `read the lock file "${path}"`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const hasConflict = /^(<{7}|>{7}) /m.test(text);
    throw malformed({ path, remedy }, hasConflict ? "it has conflict markers of a merge" : "it is not JSON", {
      detail: [error instanceof Error ? error.message : String(error)],
    });
  }
  const version = typeof json === "object" && json !== null && "schema" in json ? json.schema : undefined;
  if (Number.isInteger(version) && version !== SCHEMA) {
    throw new EngineError(
      "lock-malformed",
      `Cannot read the lock file "${path}": it has schema ${version}, this version knows schema ${SCHEMA}`,
      { hint: `Use the version of vkforge that wrote it, or ${lowerFirst(remedy)}` },
    );
  }
  return json;
}

function parse<T>(
  json: unknown,
  { schema, path, remedy }: LockText & { readonly schema: ZodType<T> },
): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw malformed(
    { path, remedy },
    first === undefined ? "it does not fit its schema" : describeIssue(first, json),
  );
}

function malformed(
  { path, remedy }: LockText,
  reason: string,
  options: { readonly detail?: readonly string[] } = {},
): EngineError {
  return new EngineError("lock-malformed", `Cannot read the lock file "${path}": ${reason}`, {
    hint: remedy,
    ...options,
  });
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
