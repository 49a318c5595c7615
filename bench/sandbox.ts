/**
 * What a sandbox costs beside the bare command and beside `docker run`; `engine/sandbox/sandbox_bench.ts` measures.
 *
 * @module
 */
import { join } from "node:path";
import { layoutTable } from "../ui/format.ts";
import type { Figure, PartResult } from "./measure.ts";

/** What the measuring process prints. */
interface SandboxTimes {
  readonly bwrap: { readonly bareMs: number; readonly bwrapMs: number; readonly differenceMs: number };
  readonly docker:
    | { readonly skipped: string }
    | {
      readonly dockerRunMs: number;
      readonly dockerMs: number;
      readonly withInputMs: number;
      readonly ratio: number;
      readonly ratioWithInput: number;
    };
}

/** Measures both; Docker only where a daemon can be started. */
export async function measureSandbox(rounds: number): Promise<PartResult> {
  const script = join(import.meta.dirname ?? ".", "..", "engine", "sandbox", "sandbox_bench.ts");
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script, String(rounds)],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { bwrap, docker }: SandboxTimes = JSON.parse(new TextDecoder().decode(stdout));
  const figures: Figure[] = [{
    what: "a step in bubblewrap, more than the bare command",
    value: bwrap.differenceMs,
    unit: "ms",
    goal: { atMost: 50 },
  }];
  const rows = [["bare", `${bwrap.bareMs} ms`], ["bubblewrap", `${bwrap.bwrapMs} ms`]];
  if ("skipped" in docker) {
    rows.push(["Docker", `not measured: ${docker.skipped}`]);
  } else {
    figures.push(
      {
        what: "a step in Docker, beside `docker run`",
        value: docker.ratioWithInput,
        unit: "×",
        goal: { atMost: 1.2 },
      },
    );
    rows.push(
      ["docker run", `${docker.dockerRunMs} ms`],
      ["container, no inputs", `${docker.dockerMs} ms`],
      ["container, with inputs", `${docker.withInputMs} ms`],
    );
  }
  return {
    figures,
    lines: [
      `A program that does nothing, medians of ${rounds}`,
      "",
      ...layoutTable([["", "time"], ...rows], { align: "lr" }),
    ],
  };
}
