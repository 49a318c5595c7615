import { describe, expect, it } from "vitest";
import { EngineError } from "../engine/error.ts";
import type { ReplayedOutput } from "../engine/build/replay.ts";
import type { Event } from "../engine/event.ts";
import { escapeData, escapeProperty, GithubFormat } from "./github.ts";

const output = (name: string, text: string): Event => ({
  type: "step-output",
  name,
  chunk: new TextEncoder().encode(text),
});

const end = (name: string, outcome: "built" | "failed", error?: EngineError): Event => ({
  type: "step-end",
  name,
  id: "1",
  outcome,
  durationMs: 41_200,
  ...(error === undefined ? {} : { error }),
});

function open(): GithubFormat {
  let tokens = 0;
  return new GithubFormat({ newToken: () => `token${++tokens}` });
}

function lines(format: GithubFormat, ...events: readonly Event[]): string[] {
  return events.flatMap((event) => format.event(event, 0));
}

describe("GithubFormat", () => {
  it("groups the output of each step, although steps run side by side", () => {
    const said = lines(
      open(),
      output("a", "a1\n"),
      output("b", "b1\n"),
      output("a", "a2"),
      end("a", "built"),
      end("b", "built"),
    );
    expect(said).toEqual([
      "[ 0:00] step a: done in 41.2 s",
      "::group::a: output (built after 41.2 s)",
      "::stop-commands::token1",
      "a1",
      "a2",
      "::token1::",
      "::endgroup::",
      "[ 0:00] step b: done in 41.2 s",
      "::group::b: output (built after 41.2 s)",
      "::stop-commands::token2",
      "b1",
      "::token2::",
      "::endgroup::",
    ]);
  });

  it("groups what a cached step printed at once, and quotes it", () => {
    const replayed: ReplayedOutput = { ...output("a", "::error::x\n"), replayed: true } as ReplayedOutput;
    expect(lines(open(), replayed)).toEqual([
      "::group::a: output (cached)",
      "::stop-commands::token1",
      "::error::x",
      "::token1::",
      "::endgroup::",
    ]);
  });

  it("does not let output give commands to the runner", () => {
    const said = lines(open(), output("a", "::add-path::/evil\n##[error]x\n"), end("a", "built"));
    const [stop, command, resume] = ["::stop-commands::token1", "::add-path::/evil", "::token1::"].map((
      line,
    ) => said.indexOf(line));
    expect(stop).toBeGreaterThanOrEqual(0);
    expect(command).toBeGreaterThan(stop ?? 0);
    expect(resume).toBeGreaterThan(command ?? 0);
  });

  it("uses a new token for each block", () => {
    const token = () => lines(new GithubFormat(), output("a", "x\n"), end("a", "built"))[2];
    expect(token()).not.toBe(token());
  });

  it("breaks commands of the old form in single lines", () => {
    const said = lines(open(), { type: "waiting", name: "a", reason: "##[add-path]/evil" });
    expect(said).toEqual(["[ 0:00] a: waiting: ## [add-path]/evil"]);
  });

  it("annotates a failure and quotes the error at the end", () => {
    const error = new EngineError("step-failed", "100% wrong: a, b", { detail: ["::error::x"] });
    const said = lines(open(), end("plugin: x", "failed", error), {
      type: "build-end",
      ok: false,
      durationMs: 5,
    });
    expect(said).toEqual([
      "[ 0:00] step plugin: x: failed after 41.2 s: 100% wrong: a, b",
      "::error title=plugin%3A x::100%25 wrong: a, b",
      "[ 0:00] build: failed in 5 ms: 1 failed",
      "::stop-commands::token1",
      "error: 100% wrong: a, b",
      "  | ::error::x",
      "::token1::",
    ]);
  });

  it("annotates the error that ends the command, unless a step told it", () => {
    const format = open();
    const error = new EngineError("usage", "Unknown flag");
    expect(format.fail(error, 0).at(-1)).toBe("::error title=vkforge::Unknown flag");
    expect(format.fail(error, 0)).toEqual([]);
  });

  it("annotates a warning with its hint", () => {
    expect(lines(open(), { type: "warning", message: "Little memory", hint: "Use --jobs 1" })).toEqual([
      "::warning title=warning::Little memory%0AUse --jobs 1",
    ]);
  });

  it("keeps the last lines of a very long output", () => {
    const format = open();
    for (let index = 0; index < 25_000; index++) format.event(output("a", `line ${index}\n`), 0);
    const said = lines(format, end("a", "built"));
    expect(said.length).toBeLessThan(10_010);
    expect(said.some((line) => line.endsWith("earlier lines are in the log file"))).toBe(true);
    expect(said).toContain("line 24999");
  });
});

describe("escapeData()", () => {
  it("escapes percent first", () => {
    expect(escapeData("50%\r\na:b,c")).toBe("50%25%0D%0Aa:b,c");
  });
});

describe("escapeProperty()", () => {
  it("escapes what separates properties too", () => {
    expect(escapeProperty("a:b,c%")).toBe("a%3Ab%2Cc%25");
  });
});
