/**
 * The one error type of the engine. Expected failures carry a stable code, which decides the exit code, and a hint
 * that says what to do next.
 *
 * @module
 */

/** What went wrong, as a stable word. Programs may rely on these; messages may change. */
export type ErrorCode =
  | "usage"
  | "unknown-step"
  | "cycle"
  | "lock-missing"
  | "lock-malformed"
  | "lock-stale"
  | "offline"
  | "source-unavailable"
  | "source-gone"
  | "digest-mismatch"
  | "archive-malformed"
  | "archive-unsafe"
  | "sandbox-unavailable"
  | "step-failed"
  | "step-timeout"
  | "step-out-of-memory"
  | "output-missing"
  | "output-unsafe"
  | "disk-full"
  | "read-only"
  | "permission"
  | "store-corrupt"
  | "store-newer"
  | "not-reproducible"
  | "interrupted"
  | "io";

/** Exit codes, as documented in the README. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  input: 3,
  notReproducible: 4,
  interrupted: 130,
} as const;

/** Options of {@linkcode EngineError}. */
export interface EngineErrorOptions {
  /** What the reader can do next; one sentence, no full stop. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** More lines for the reader, such as the tail of a log. */
  readonly detail?: readonly string[];
  /** Name of the source, step or file that it is about, for programs. */
  readonly subject?: string;
}

/** An expected failure of the engine. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly detail: readonly string[];
  readonly subject: string | undefined;

  constructor(code: ErrorCode, message: string, options: EngineErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.detail = options.detail ?? [];
    this.subject = options.subject;
  }
}

/** The exit code that belongs to an error; unexpected errors are failures. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof EngineError)) return EXIT.failed;
  switch (error.code) {
    case "usage":
    case "unknown-step":
      return EXIT.usage;
    case "lock-missing":
    case "lock-malformed":
    case "lock-stale":
    case "offline":
    case "source-unavailable":
    case "source-gone":
    case "digest-mismatch":
      return EXIT.input;
    case "not-reproducible":
      return EXIT.notReproducible;
    case "interrupted":
      return EXIT.interrupted;
    default:
      return EXIT.failed;
  }
}

/** Turns a file system error into an {@linkcode EngineError} that says which path and what to do. */
export function explainIo(error: unknown, action: string): EngineError {
  if (error instanceof EngineError) return error;
  const code = osErrorCode(error);
  const reason = error instanceof Error ? error.message : String(error);
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new EngineError("disk-full", `Cannot ${action}: no space left on the device`, {
        hint: "Free some space or point VKFORGE_HOME to a larger disk; nothing that was finished is lost",
        cause: error,
      });
    case "EROFS":
      return new EngineError("read-only", `Cannot ${action}: the file system is read-only`, {
        hint: "Point VKFORGE_HOME to a folder that can be written",
        cause: error,
      });
    case "EACCES":
    case "EPERM":
      return new EngineError("permission", `Cannot ${action}: permission denied`, {
        hint: "Point VKFORGE_HOME to a folder that you own, or mend the permissions of the one in use",
        cause: error,
      });
    case "ENOTDIR":
      return new EngineError("io", `Cannot ${action}: a file stands where a folder should be`, {
        hint: "Move the file away, or point VKFORGE_HOME to another folder",
        cause: error,
      });
    default:
      return new EngineError("io", `Cannot ${action}: ${reason}`, { cause: error });
  }
}

/** The errno name of an operating system error, such as "ENOSPC". */
export function osErrorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  const message = error instanceof Error ? error.message : "";
  if (message.includes("os error 28")) return "ENOSPC";
  if (message.includes("os error 122")) return "EDQUOT";
  if (message.includes("os error 30")) return "EROFS";
  if (message.includes("os error 13")) return "EACCES";
  if (message.includes("os error 1)")) return "EPERM";
  return undefined;
}
