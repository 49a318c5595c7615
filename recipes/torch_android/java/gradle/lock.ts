/**
 * The lock of what Gradle resolves: every file by SHA-256, with the repository that publishes it.
 *
 * @module
 */
import { z } from "zod";
import { EngineError, type Host, type Input } from "../../../../engine/mod.ts";
import { CONFIGURATIONS } from "./requests.ts";

/** File name of the lock, beside this file. */
export const GRADLE_LOCK = "gradle.lock.json";

/** Publishers. */
export const REPOSITORIES = {
  google: "https://dl.google.com/dl/android/maven2",
  central: "https://repo.maven.apache.org/maven2",
} as const;

const hex = (digits: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`), `expected ${digits} hex digits`);

const fileSchema = z.strictObject({
  repository: z.enum(["google", "central"]),
  /** Below the repository's URL. */
  path: z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[\w.+\/-]+$/, "expected a path below the repository"),
  sha256: hex(64),
  /** The publisher's own, beside the file. */
  sha1: hex(40),
  sizeBytes: z.number().int().nonnegative(),
});

const schema = z.strictObject({
  schema: z.literal(1),
  /** What was asked for; a lock that was made for something else is stale. */
  requested: z.array(z.array(z.record(z.string(), z.string()))),
  files: z.array(fileSchema).min(1),
});

/** One file of a repository. */
export type LockedFile = z.infer<typeof fileSchema>;
/** `gradle.lock.json`. */
export type GradleLock = z.infer<typeof schema>;

/** How to make the lock anew. */
export const LOCK_COMMAND = "deno task lock gradle-dependencies";

/**
 * Reads a lock.
 *
 * @throws {EngineError} "lock-missing", "lock-malformed", "lock-stale"
 */
export function readGradleLock(host: Host, path: string): GradleLock {
  let text: string;
  try {
    text = new TextDecoder().decode(host.fs.readFile(path));
  } catch (cause) {
    throw new EngineError("lock-missing", `Cannot read "${path}"`, {
      hint: `Restore it from version control, or run \`${LOCK_COMMAND}\``,
      cause,
    });
  }
  const lock = parse(text, path);
  if (JSON.stringify(lock.requested) !== JSON.stringify(CONFIGURATIONS)) {
    throw new EngineError("lock-stale", `"${path}" was made for other modules than the recipe asks for`, {
      hint: `Run \`${LOCK_COMMAND}\``,
    });
  }
  return lock;
}

function parse(text: string, path: string): GradleLock {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll("\n", " ") : String(cause);
    throw new EngineError("lock-malformed", `Cannot use "${path}": ${reason}`, {
      hint: `Restore it from version control, or run \`${LOCK_COMMAND}\``,
      cause,
    });
  }
}

/** Google's own repository has what Google's Android teams publish; everything else is on Maven Central. */
export function repositoryOf(group: string): keyof typeof REPOSITORIES {
  return /^(com\.android|androidx)(\.|$)/.test(group) ? "google" : "central";
}

/**
 * Where a file is published.
 *
 * @param places stand in for the publishers
 */
export function urlOf(
  { repository, path }: Pick<LockedFile, "repository" | "path">,
  places: Readonly<Partial<Record<keyof typeof REPOSITORIES, string | undefined>>> = {},
): string {
  return `${(places[repository] ?? REPOSITORIES[repository]).replace(/\/+$/, "")}/${path}`;
}

/** A locked file as an input of a step. */
export function gradleInput({ repository, path, sha256, sizeBytes }: LockedFile): Input {
  return {
    kind: "source",
    name: path,
    source: { kind: "https", url: urlOf({ repository, path }), sha256, sizeBytes },
    fileName: path.split("/").at(-1) ?? path,
  };
}
