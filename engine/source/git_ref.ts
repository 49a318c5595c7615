/**
 * What a branch or tag of a remote repository stands for now.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import { runGit } from "./_git_process.ts";
import { redactUrl } from "./redact.ts";

/** Options of {@linkcode resolveCommit}. */
export interface CommitOptions {
  readonly host: Host;
  /** An existing folder to run git in; nothing is written there. */
  readonly folder: string;
  /** Branch, tag, full ref name or commit. Default: the repository's HEAD. */
  readonly ref?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The commit that a ref of a repository names; of an annotated tag, the commit that it points to.
 *
 * @throws {EngineError} "source-gone" if there is no such ref, "source-unavailable" if the repository cannot be reached
 */
export async function resolveCommit(url: string, options: CommitOptions): Promise<string> {
  const { host, folder, ref = "HEAD", signal } = options;
  if (/^[0-9a-f]{40}$/.test(ref)) return ref;
  const shown = redactUrl(url);
  const { code, stdout, reason } = await runGit(["ls-remote", "--", url], {
    host,
    name: shown,
    cwd: folder,
    root: url,
    signal,
  });
  if (code !== 0) {
    throw new EngineError("source-unavailable", `Cannot read the refs of ${shown}: ${reason}`, {
      hint: "Check the URL, the network and the proxy settings",
    });
  }
  const commits = new Map(
    stdout.split("\n").map((line) => line.split("\t").toReversed() as [string, string]),
  );
  // "^{}" stands behind the name of an annotated tag for the commit it points to.
  for (const name of [`refs/tags/${ref}^{}`, `refs/tags/${ref}`, `refs/heads/${ref}`, `${ref}^{}`, ref]) {
    const commit = commits.get(name);
    if (commit !== undefined) return commit;
  }
  throw new EngineError("source-gone", `Cannot find "${ref}" in ${shown}`, {
    hint: "Name a branch, a tag or a commit that the repository has",
  });
}
