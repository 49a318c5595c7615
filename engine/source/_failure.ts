/**
 * Makes one error of what went wrong at all the places of a source.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import type { LockedSource } from "../lock/lock_file.ts";
import type { PlaceError } from "./_place_error.ts";
import { fileNameOf } from "./candidates.ts";
import { redactUrl } from "./redact.ts";

/** What one place said. */
export interface Failure {
  readonly url: string;
  readonly error: PlaceError;
}

/** Options of {@linkcode sourceFailure}. */
export interface FailureOptions {
  readonly failures: readonly Failure[];
  /** Stands in place of the general hint. */
  readonly hint?: string | undefined;
  readonly isOffline: boolean;
  /** Where the publisher has the source. */
  readonly publishers: readonly string[];
}

/** The error for a source that no place gave. Wrong bytes weigh most: they are never passed off as a network fault. */
export function sourceFailure(name: string, source: LockedSource, options: FailureOptions): EngineError {
  const { failures, publishers, isOffline } = options;
  const detail = failures.map(({ url, error }) => `${redactUrl(url)}: ${error.message}`);
  const wrong = failures.find(({ error }) => error.failure === "mismatch");
  if (wrong !== undefined) {
    return new EngineError("digest-mismatch", `Cannot fetch "${name}": ${wrong.error.message}`, {
      hint: options.hint ?? mismatchHint(source),
      detail,
      subject: name,
    });
  }
  if (isOffline) {
    const wanted = source.kind === "git" ? [source.url] : publishers;
    return new EngineError(
      "offline",
      `Cannot fetch "${name}" offline: ${fileNameOf(source)} (${checksumOf(source)}) is not in the store`,
      {
        hint: options.hint ?? "Run once without --offline, or name a folder that has the file with --mirror",
        detail: [...detail, ...wanted.map((url) => `wanted from ${redactUrl(url)}`)],
        subject: name,
      },
    );
  }
  if (isGone(source, options)) {
    return new EngineError(
      "source-gone",
      `Cannot fetch "${name}": no place has ${fileNameOf(source)} any more`,
      { hint: options.hint ?? goneHint(source), detail, subject: name },
    );
  }
  const reason = failures.find(({ error }) => error.failure !== "gone")?.error.message ??
    "there is no place to get it from";
  return new EngineError("source-unavailable", `Cannot fetch "${name}": ${reason}`, {
    hint: options.hint ?? unavailableHint(source, failures),
    detail,
    subject: name,
  });
}

/**
 * A file is gone when every place says so. Debian's archive keeps only current versions, so its word is enough where the
 * snapshot archive, slow and rate-limited as it is, does not answer.
 */
function isGone(source: LockedSource, { failures, publishers }: FailureOptions): boolean {
  if (source.kind === "debian") {
    return failures.some(({ url, error }) => url === publishers[0] && error.failure === "gone");
  }
  return failures.length > 0 && failures.every(({ error }) => error.failure === "gone");
}

function checksumOf(source: LockedSource): string {
  if (source.sha256 !== undefined) return `sha256 ${source.sha256}`;
  if (source.sha512 !== undefined) return `sha512 ${source.sha512}`;
  if (source.kind === "git") return `commit ${source.commit}`;
  if (source.sha1 !== undefined) return `sha1 ${source.sha1}`;
  return `sha256 ${source.sha256Prefix ?? "unknown"}…`;
}

function mismatchHint(source: LockedSource): string {
  const keeper = source.kind === "https" || source.kind === "git"
    ? "the publisher changed the file"
    : "the registry was tampered with";
  return `A proxy or mirror altered the file, or ${keeper}; nothing of it was kept. If the change is known to be right, run \`deno task lock\``;
}

function goneHint(source: LockedSource): string {
  if (source.kind === "debian") return "Run `deno task lock` to take the version that the archive has now";
  if (source.kind === "git") {
    return "The commit is not reachable any more; pin another one with `deno task lock`";
  }
  return `Name a folder or server that still has the file (${
    checksumOf(source)
  }) with --mirror, or pin another version with \`deno task lock\``;
}

function unavailableHint(source: LockedSource, failures: readonly Failure[]): string {
  const reason = failures.some(({ error }) => error.failure === "refused")
    ? "The server wants other credentials or does not let this machine in; name"
    : "Check the network and the proxy settings, or name";
  return `${reason} a folder or server that has "${fileNameOf(source)}" (${
    checksumOf(source)
  }) with --mirror`;
}
