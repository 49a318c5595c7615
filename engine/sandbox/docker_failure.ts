/**
 * What a container engine's errors mean to the reader.
 *
 * @module
 */
import { EngineError, osErrorCode } from "../error.ts";

/** What the reader is told besides the engine's own words. */
export interface FailureContext {
  /** Address of the engine, as in DOCKER_HOST. */
  readonly url: string;
  /** What was being done: "run a container". */
  readonly action: string;
}

interface Known {
  readonly pattern: RegExp;
  readonly hint: string;
}

const USE_BWRAP = "or use `--engine bwrap`, which needs none";

/** Words of Docker Engine, Podman, containerd, runc and crun. */
const KNOWN: readonly Known[] = [
  {
    pattern: /exec format error/i,
    hint: `The engine's machine cannot run x86_64 programs; point DOCKER_HOST to one that can, ${USE_BWRAP}`,
  },
  {
    pattern: /docker-init|catatonit|container-init/i,
    hint: "The engine lacks its init program; install tini (Docker) or catatonit (Podman) on its machine",
  },
  {
    pattern: /RLIMIT|rlimit/,
    hint:
      "The engine's machine allows fewer open files or processes than a container asks for; raise its limits",
  },
  {
    pattern:
      /unknown or invalid runtime|executable file not found|OCI runtime .*not found|no such file or directory.*(?:runc|crun)|default OCI runtime/i,
    hint: `The engine's runtime is missing; install runc or crun on its machine, ${USE_BWRAP}`,
  },
  {
    pattern: /cgroup/i,
    hint:
      `The engine cannot use the control groups of its machine; \`docker info\` lists what is missing, ${USE_BWRAP}`,
  },
  {
    pattern: /no space left on device/i,
    hint: "The disk of the engine's machine is full; `docker system df` tells what takes it",
  },
];

/** An engine that answers but does not do what it is asked. */
export function engineFailure(error: unknown, { url, action }: FailureContext): EngineError {
  if (error instanceof EngineError) return error;
  if (isUnreachable(error)) return unreachable(error, url);
  const reason = reasonOf(error);
  const known = KNOWN.find(({ pattern }) => pattern.test(reason));
  return new EngineError(
    "sandbox-unavailable",
    `The container engine at "${url}" cannot ${action}: ${reason}`,
    {
      hint: known?.hint ?? `Check that \`docker run --rm hello-world\` works there, ${USE_BWRAP}`,
      cause: error,
    },
  );
}

/** An engine that does not answer, or no longer does. */
export function unreachable(error: unknown, url: string): EngineError {
  const reason = reasonOf(error);
  return new EngineError("sandbox-unavailable", `Cannot reach the container engine at "${url}": ${reason}`, {
    hint: osErrorCode(error) === "EACCES" || /permission denied|os error 13/i.test(reason)
      ? `You may not use its socket: join its group (\`sudo usermod -aG docker $USER\`) and log in again, ${USE_BWRAP}`
      : `Start it and run the command again, ${USE_BWRAP}`,
    cause: error,
  });
}

/** The status of an engine's answer. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}

/** Whether no answer came at all. */
function isUnreachable(error: unknown): boolean {
  return error instanceof Error && statusOf(error) === undefined &&
    /ECONN|ENOENT|EACCES|EPERM|EPIPE|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN|socket hang up|connection (?:closed|error|reset)|broken pipe|unexpected eof|os error|certificate|handshake|TLS/i
      .test(`${osErrorCode(error) ?? ""} ${error.message}`);
}

/** The engine's own words without what dockerode puts around them. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^\(HTTP code \d+\) [^-]*- /, "").trim().split("\n")[0] ?? "";
}
