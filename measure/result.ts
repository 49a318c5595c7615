import { cp, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import type { z } from "zod";
import { MeasureError } from "./error.ts";
import { RunnerResult } from "./runner_result.ts";
import { samplesCsv } from "./samples.ts";
import { Result, ResultId } from "./schema.ts";

/** A file or folder that goes into a result folder besides result.json. */
export type Attachment =
  | { readonly path: string; readonly content: string | Uint8Array }
  /** Copied, folders with all they hold. */
  | { readonly path: string; readonly from: string };

/** What {@linkcode writeResult} needs besides the result. */
export interface WriteResultOptions {
  /** Reports, JUnit, the runner's own files. Paths are relative to the result folder. */
  readonly attachments?: readonly Attachment[];
}

/**
 * Name of a result folder: UTC time to the second, then eight hex digits of `unique` (a UUID, say), so that two results
 * of the same second do not meet. Names sort by time.
 */
export function resultId(startedAt: Date, unique: string): string {
  const time = startedAt.toISOString().replace(/\.\d+Z$/, "Z").replaceAll(/[-:]/g, "");
  const digits = unique.toLowerCase().replaceAll(/[^0-9a-f]/g, "").slice(0, 8).padEnd(8, "0");
  return `${time}-${digits}`;
}

/**
 * Writes `<resultsDir>/<result.id>/` with result.json, samples.csv, environment.json and the attachments, and gives its
 * path. Results are append-only: the folder is filled under a hidden name and appears by one rename; an id that exists
 * already is refused. On failure nothing of it stays. What is written here is flushed to disk, what is copied is not.
 *
 * @throws {MeasureError} `bad-result` if the result does not match its schema, `already-exists`, or `io`
 */
export async function writeResult(
  resultsDir: string,
  result: Result,
  options: WriteResultOptions = {},
): Promise<string> {
  const checked = Result.safeParse(result);
  if (!checked.success) throw badResult(`Cannot write result "${result.id}"`, checked.error);
  const target = join(resultsDir, checked.data.id);
  try {
    await mkdir(resultsDir, { recursive: true });
    const partial = join(resultsDir, `.partial-${checked.data.id}-${crypto.randomUUID()}`);
    await mkdir(partial);
    try {
      await fill(partial, checked.data, options.attachments ?? []);
      await publish(partial, target);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
    await flush(resultsDir);
  } catch (cause) {
    if (cause instanceof MeasureError) throw cause;
    throw writeError(target, cause);
  }
  return target;
}

/**
 * Reads the result in a result folder.
 *
 * @throws {MeasureError} `not-found`, `unknown-schema` (with the version that was found), or `bad-result`
 */
export async function readResult(dir: string): Promise<Result> {
  return parseAs(Result, await textOf(join(dir, "result.json")), join(dir, "result.json"));
}

/**
 * Reads the result.json a runner wrote.
 *
 * @throws {MeasureError} `not-found`, `unknown-schema` or `bad-result`
 */
export async function readRunnerResult(path: string): Promise<RunnerResult> {
  return parseAs(RunnerResult, await textOf(path), path);
}

/** Paths of the result folders in `resultsDir`, oldest first; empty if it does not exist. */
export async function listResults(resultsDir: string): Promise<string[]> {
  try {
    const names = await readdir(resultsDir);
    return names.filter((name) => ResultId.safeParse(name).success).sort().map((name) =>
      join(resultsDir, name)
    );
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return [];
    throw new MeasureError("io", `Cannot list results in "${resultsDir}"`, { cause });
  }
}

function parseAs<T extends z.ZodType>(type: T, text: string, path: string): z.output<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new MeasureError("bad-result", `Cannot read "${path}": it is not JSON`, {
      cause,
      hint: "The file is truncated or was edited; measure again",
    });
  }
  const schema = (json as { schema?: unknown } | null)?.schema;
  if (schema !== 1) {
    throw new MeasureError(
      "unknown-schema",
      `Cannot read "${path}": schema ${JSON.stringify(schema) ?? "(none)"} is not known`,
      { hint: "This version reads schema 1; a newer vkforge may have written the file" },
    );
  }
  const parsed = type.safeParse(json);
  if (!parsed.success) throw badResult(`Cannot read "${path}"`, parsed.error);
  return parsed.data;
}

function badResult(what: string, error: z.ZodError): MeasureError {
  const issue = error.issues[0];
  const place = issue === undefined ? "" : ` at "${issue.path.join(".")}": ${issue.message}`;
  return new MeasureError("bad-result", `${what}: it does not match schema 1${place}`, { cause: error });
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) !== "ENOENT") throw new MeasureError("io", `Cannot read "${path}"`, { cause });
    throw new MeasureError("not-found", `Cannot read "${path}": it does not exist`, {
      cause,
      hint: "A result folder is named <time>-<id> and holds result.json",
    });
  }
}

/** The one step that makes a result appear; a folder that is there already cannot be renamed over. */
async function publish(partial: string, target: string): Promise<void> {
  try {
    await rename(partial, target);
  } catch (cause) {
    if (codeOf(cause) !== "ENOTEMPTY" && codeOf(cause) !== "EEXIST") throw cause;
    throw new MeasureError("already-exists", `Cannot write result "${target}": it exists already`, {
      cause,
      hint: "Results are never overwritten; give the new one an id of its own",
    });
  }
}

async function fill(dir: string, result: Result, attachments: readonly Attachment[]): Promise<void> {
  for (const attachment of attachments) {
    const path = join(dir, innerPath(attachment.path));
    await mkdir(dirname(path), { recursive: true });
    if ("from" in attachment) await cp(attachment.from, path, { recursive: true, errorOnExist: true });
    else await writeFlushed(path, attachment.content);
  }
  await writeFlushed(join(dir, "environment.json"), jsonText(result.environment));
  await writeFlushed(join(dir, "samples.csv"), samplesCsv(result));
  await writeFlushed(join(dir, "result.json"), jsonText(result));
  await flush(dir);
}

const OWN_FILES = ["environment.json", "samples.csv", "result.json"];

/** Attachments name their place themselves; it must lie inside the folder. */
function innerPath(path: string): string {
  const normal = normalize(path);
  if (normal === "." || normal === ".." || normal.startsWith(`..${sep}`) || normal.startsWith("/")) {
    throw new MeasureError("io", `Cannot attach "${path}": it lies outside the result folder`);
  }
  if (OWN_FILES.includes(normal)) {
    throw new MeasureError("io", `Cannot attach "${path}": the result writes that file itself`);
  }
  return normal;
}

async function writeFlushed(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames and new names in a folder survive a power cut. */
async function flush(dir: string): Promise<void> {
  const folder = await open(dir, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function writeError(target: string, cause: unknown): MeasureError {
  const code = codeOf(cause);
  const hint = code === "ENOSPC"
    ? "The disk is full; free some space and run again"
    : code === "EACCES" || code === "EROFS" || code === "EPERM"
    ? "The folder is not writable; name another one for results"
    : undefined;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new MeasureError("io", `Cannot write result "${target}": ${why}`, {
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
