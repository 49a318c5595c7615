/**
 * What a command works in: the project, the engine, a renderer, and the signal that Ctrl-C aborts.
 *
 * @module
 */
import { join } from "node:path";
import { type Drift, Engine, EngineError, type Event, type Host } from "../engine/mod.ts";
import { redactUrl } from "../engine/source/mod.ts";
import { models } from "../models/mod.ts";
import { weightsHints } from "../recipes/model.ts";
import { loadProject, type Project } from "../recipes/project.ts";
import type { Renderer } from "../ui/renderer.ts";
import { expectedError } from "./_expected_error.ts";
import type { BaseValues, GraphValues } from "./_options.ts";

/** Folder of the repository. */
export const REPOSITORY = join(import.meta.dirname ?? ".", "..");

/** A command's surroundings. */
export interface Session {
  readonly host: Host;
  readonly project: Project;
  readonly engine: Engine;
  readonly renderer: Renderer;
  readonly signal: AbortSignal;
  /** When the command began, in milliseconds since 1970. */
  readonly startedMs: number;
  /** All that the engine told so far, with the time since the command began. */
  readonly events: ReadonlyArray<{ readonly atMs: number; readonly event: Event }>;
  /** What was taken in place of locked packages. */
  readonly drift: readonly Drift[];
}

/** Folder of the store: `$VKFORGE_HOME`, else the user's cache folder. */
export function storeRoot(host: Host): string {
  const own = host.env.get("VKFORGE_HOME");
  if (own !== undefined && own !== "") return own.startsWith("/") ? own : join(Deno.cwd(), own);
  const cache = host.env.get("XDG_CACHE_HOME") || join(host.env.get("HOME") ?? "/root", ".cache");
  return join(cache, "vkforge");
}

/** Opens a renderer on standard error. */
export async function openUi(host: Host, values: BaseValues): Promise<Renderer> {
  const [{ openRenderer }, { diagnose }] = await Promise.all([
    import("../ui/pick.ts"),
    import("../recipes/doctor/mod.ts"),
  ]);
  return openRenderer(values.logFormat, {
    isTty: Deno.stderr.isTerminal(),
    env: host.env,
    verbose: values.verbose === true,
    diagnose,
  });
}

/** An engine for a project, for commands that only look. */
export function openEngine(
  host: Host,
  project: Project,
  values: GraphValues,
  emit: (event: Event) => void,
): Engine {
  return Engine.open({
    host,
    storeRoot: storeRoot(host),
    repository: project.repository,
    sources: {
      archives: project.lock.archives,
      mirrors: (values.mirror ?? []).map((place) => mirrorPlace(host, place)),
      npmRegistry: host.env.get("npm_config_registry"),
    },
    offline: values.offline === true,
    jobs: values.jobs,
    // A quarter is left to the rest of the machine.
    memoryBytes: Math.floor(host.machine.memoryBytes * 0.75),
    sandbox: values.engine,
    sandboxTools: project.sandboxTools,
    emit,
    sourceHints: weightsHints(models),
  });
}

/**
 * A place of `--mirror`, absolute. A mistyped one is told here: later it would only look like a file that is not there.
 *
 * @throws {EngineError} "usage"
 */
function mirrorPlace(host: Host, place: string): string {
  const isUrl = place.includes("://");
  const path = isUrl || place.startsWith("/") ? place : join(Deno.cwd(), place);
  const isUsable = isUrl ? /^(https?|file):/.test(place) : isFolder(host, path);
  if (isUsable) return path;
  throw new EngineError(
    "usage",
    isUrl ? `Unknown mirror "${redactUrl(place)}"` : `Cannot use the mirror "${place}": it is not a folder`,
    { hint: "A mirror is a folder or an http, https or file URL" },
  );
}

function isFolder(host: Host, path: string): boolean {
  try {
    return host.fs.lstat(host.fs.realPath(path))?.kind === "directory";
  } catch {
    return false;
  }
}

/**
 * Runs a command's work in a session. Ctrl-C and SIGTERM abort its signal; a second one ends the process at once.
 *
 * Where a locked Debian package is gone everywhere, the nearest version is resolved, said loudly, and the work starts
 * again with it (`--frozen` fails instead); everything that was built already is a hit.
 *
 * @throws whatever the work throws; {@linkcode EngineError} "interrupted" after a signal
 */
export async function inSession<T>(
  host: Host,
  values: GraphValues,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) Deno.exit(130);
    stop.abort(new EngineError("interrupted", "Interrupted"));
  };
  using renderer = await openUi(host, values);
  const startedMs = host.clock.now();
  const started = host.clock.monotonic();
  const events: Array<{ atMs: number; event: Event }> = [];
  const emit = (event: Event) => {
    if (event.type !== "step-output" && !event.type.endsWith("-progress")) {
      events.push({ atMs: host.clock.monotonic() - started, event });
    }
    renderer.onEvent(event);
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(name, onSignal);
  try {
    let project = await loadProject(host, REPOSITORY);
    const drift: Drift[] = [];
    for (;;) {
      const engine = openEngine(host, project, values, emit);
      try {
        // For all of the command: it works with folders of the store after the build that made them.
        using _lease = await engine.lease(stop.signal);
        return await work({ host, project, engine, renderer, signal: stop.signal, startedMs, events, drift });
      } catch (error) {
        if (stop.signal.aborted) throw new EngineError("interrupted", "Interrupted", { cause: error });
        if (values.frozen === true || values.offline === true) throw error;
        const { replaceGonePackages } = await import("../recipes/drift.ts");
        const replaced = await replaceGonePackages(host, project, {
          error,
          fetcher: await engine.fetcher(),
          emit,
          signal: stop.signal,
        });
        if (replaced === undefined) throw error;
        project = replaced.project;
        drift.push(...replaced.drift);
      }
    }
  } catch (thrown) {
    const error = expectedError(thrown);
    renderer.fail(error);
    throw new Reported(error);
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(name, onSignal);
  }
}

/** An error that the reader has been told of already. */
export class Reported extends Error {
  constructor(cause: unknown) {
    super("reported", { cause });
  }
}
