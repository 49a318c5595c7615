/**
 * The small graph that the crash tests build, in this process or in one that is going to be killed.
 *
 *     deno run -A tests/crash/_graph.ts STORE REPOSITORY MARKER
 *
 * builds it once, prints one line of JSON with how each step ended and the digest of each tree, and exits as the
 * command line would.
 *
 * @module
 */
import { type Engine, EngineError, type Event, exitCodeOf, type Image, type Step } from "../../engine/mod.ts";
import { miniEngine, miniStep } from "../fixtures/mini_engine.ts";

/** How a build went. */
export interface GraphResult {
  readonly outcomes: Readonly<Record<string, string>>;
  readonly digests: Readonly<Record<string, string>>;
  readonly waited: readonly string[];
}

/**
 * Steps that depend on each other in the shape of a diamond, each long enough to be interrupted.
 *
 * @param marker an argument of `sleep` that no other process has, to find what was left running
 */
export function diamond(image: Image, marker: string): Step {
  const nap = `sleep 0.${marker} &\nsleep 0.1${marker}; wait\n`;
  const base = miniStep(image, {
    name: "base",
    inputs: { src: { kind: "files", folder: "src" } },
    script:
      `${nap}mkdir /out/out; for i in {1..50}; do echo "$i" > "/out/out/$i"; done; cat /in/src/* > /out/out/all`,
  });
  const side = (name: string) =>
    miniStep(image, {
      name,
      inputs: { base: { kind: "step", step: base } },
      script: `${nap}cat /in/base/out/* > /out/out; echo ${name} >> /out/out`,
    });
  return miniStep(image, {
    name: "top",
    inputs: { left: { kind: "step", step: side("left") }, right: { kind: "step", step: side("right") } },
    script: `${nap}cat /in/left/out /in/right/out > /out/out`,
  });
}

/** Builds the graph in this process. */
export async function buildGraph(
  { storeRoot, repository, marker, signal }: {
    readonly storeRoot: string;
    readonly repository: string;
    readonly marker: string;
    readonly signal: AbortSignal;
  },
): Promise<GraphResult & { readonly engine: Engine }> {
  const events: Event[] = [];
  const { engine, image } = await miniEngine({ storeRoot, repository, events });
  const made = await engine.build([diamond(image, marker)], signal);
  const outcomes: Record<string, string> = {};
  const waited: string[] = [];
  for (const event of events) {
    if (event.type === "step-end") outcomes[event.name] = event.outcome;
    if (event.type === "waiting") waited.push(event.name);
  }
  const digests = Object.fromEntries([...made].map(([name, manifest]) => [name, manifest.treeDigest]));
  return { engine, outcomes, digests, waited };
}

if (import.meta.main) {
  const [storeRoot = "", repository = "", marker = ""] = Deno.args;
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort(new EngineError("interrupted", "Interrupted")));
  try {
    const { engine: _, ...result } = await buildGraph({ storeRoot, repository, marker, signal: stop.signal });
    console.log(JSON.stringify(result));
    Deno.exit(0);
  } catch (error) {
    console.error(error);
    Deno.exit(exitCodeOf(error));
  }
}
