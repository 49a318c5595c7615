import { describe, expect, it } from "vitest";
import { EngineError } from "../engine/error.ts";
import type { ReplayedOutput } from "../engine/build/replay.ts";
import type { Event } from "../engine/event.ts";
import { JsonLinesFormat } from "./jsonl.ts";

const output = (bytes: readonly number[]): Event => ({
  type: "step-output",
  name: "a",
  chunk: new Uint8Array(bytes),
});

describe("JsonLinesFormat", () => {
  it("puts the schema in the first line and the time in each", () => {
    const format = new JsonLinesFormat();
    const said = [
      ...format.event({ type: "build-start", targets: ["t"], steps: 2, misses: 1 }, 500),
      ...format.event({ type: "build-end", ok: true, durationMs: 7 }, 507.4),
    ];
    expect(said).toEqual([
      '{"schema":1,"atMs":0,"type":"build-start","targets":["t"],"steps":2,"misses":1}',
      '{"atMs":7,"type":"build-end","ok":true,"durationMs":7}',
    ]);
  });

  it("gives output as text, though a character is split", () => {
    const format = new JsonLinesFormat();
    const said = [...format.event(output([0x61, 0xe2, 0x9c]), 0), ...format.event(output([0x93, 0x0a]), 0)];
    expect(said.map((line) => JSON.parse(line).text)).toEqual(["a", "✓\n"]);
  });

  it("marks what cached steps printed", () => {
    const replayed = { ...output([0x61, 0x0a]), replayed: true } as ReplayedOutput;
    const [line = ""] = new JsonLinesFormat().event(replayed, 0);
    expect(JSON.parse(line)).toMatchObject({ type: "step-output", name: "a", text: "a\n", replayed: true });
  });

  it("gives half a character at the end of a step", () => {
    const format = new JsonLinesFormat();
    format.event(output([0xe2]), 0);
    const said = format.event({ type: "step-end", name: "a", id: "1", outcome: "built", durationMs: 1 }, 0);
    expect(said.map((line) => JSON.parse(line).type)).toEqual(["step-output", "step-end"]);
  });

  it("gives errors as code, message and hint", () => {
    const error = new EngineError("step-failed", "Step failed", { hint: "Read the log", detail: ["x"] });
    const [line = ""] = new JsonLinesFormat().event(
      { type: "step-end", name: "a", id: "1", outcome: "failed", durationMs: 1, error },
      0,
    );
    expect(JSON.parse(line).error).toEqual({
      code: "step-failed",
      message: "Step failed",
      hint: "Read the log",
      detail: ["x"],
    });
  });

  it("gives the error that ends the command, known or not", () => {
    const format = new JsonLinesFormat();
    const codes = [new EngineError("usage", "Unknown flag"), new TypeError("x"), "text"].map((error) =>
      JSON.parse(format.fail(error, 0)[0] ?? "").error.code
    );
    expect(codes).toEqual(["usage", "unexpected", "unexpected"]);
  });

  it("stays on one line and harmless for every reader", () => {
    const hostile = "a\nb\u2028c\u2029d\u0085e\x9b2Jf\x1b]0;t\x07g";
    const [line = ""] = new JsonLinesFormat().event({ type: "warning", message: hostile }, 0);
    // deno-lint-ignore no-control-regex
    expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/);
    expect(JSON.parse(line).message).toBe(hostile);
  });

  it("wraps lines for the reader in messages", () => {
    expect(new JsonLinesFormat().say(["hello"], 0)).toEqual([
      '{"schema":1,"atMs":0,"type":"message","text":"hello"}',
    ]);
  });
});
