import { describe, expect, it } from "vitest";
import { EngineError } from "../engine/error.ts";
import type { ReplayedOutput } from "../engine/build/replay.ts";
import type { Event } from "../engine/event.ts";
import { FakeScreen } from "./_fake_screen.ts";
import { FakeTerminal } from "./_fake_terminal.ts";
import type { RendererOptions } from "./renderer.ts";
import { TerminalRenderer } from "./terminal.ts";

const BUILD: Event = { type: "build-start", targets: ["test-swiftshader"], steps: 2, misses: 2 };
const START: Event = { type: "step-start", name: "plugin", id: "1", reason: "new", sandbox: "bwrap" };
const END: Event = { type: "step-end", name: "plugin", id: "1", outcome: "built", durationMs: 41_230 };
const HIT: Event = { type: "step-end", name: "swiftshader", id: "2", outcome: "hit", durationMs: 0 };

function open(options: RendererOptions = {}) {
  const screen = new FakeScreen();
  const renderer = new TerminalRenderer(screen, options);
  const shown = () => {
    const terminal = new FakeTerminal(screen.columns);
    terminal.feed(screen.text);
    return terminal;
  };
  return { screen, renderer, shown };
}

const output = (name: string, text: string): Event => ({
  type: "step-output",
  name,
  chunk: new TextEncoder().encode(text),
});

describe("TerminalRenderer", () => {
  it("scrolls what has ended above what runs", () => {
    const { screen, renderer, shown } = open();
    renderer.onEvent(BUILD);
    renderer.onEvent(END);
    renderer.onEvent(HIT);
    renderer.onEvent({ ...START, name: "model" });
    screen.advance(1500);
    expect(shown().shown).toEqual([
      "✓ plugin  41.2 s",
      "test-swiftshader  2/2 steps  1 s",
      "  model  new  1 s",
    ]);
  });

  it("shows what cached steps printed when verbose", () => {
    const { screen, renderer, shown } = open({ verbose: true });
    renderer.onEvent(BUILD);
    renderer.onEvent({ ...output("plugin", "one\ntwo\n"), replayed: true } as ReplayedOutput);
    screen.advance(200);
    expect(shown().shown.slice(0, 3)).toEqual([
      "= plugin  cached, it printed:",
      "plugin | one",
      "plugin | two",
    ]);
  });

  it("leaves the lasting lines, an empty line below and the cursor", () => {
    const { screen, renderer, shown } = open();
    renderer.onEvent(BUILD);
    renderer.onEvent(START);
    screen.advance(200);
    expect(shown().cursorVisible).toBe(false);
    renderer.onEvent(END);
    renderer.onEvent(HIT);
    renderer.onEvent({ type: "build-end", ok: true, durationMs: 41_500 });
    renderer[Symbol.dispose]();
    const terminal = shown();
    expect(terminal.lines).toEqual([
      "✓ plugin  41.2 s",
      "✓ test-swiftshader  1 built, 1 cached, 41.5 s",
      "",
    ]);
    expect([terminal.cursorVisible, terminal.wraps, screen.timers]).toEqual([true, true, 0]);
  });

  it("restores the terminal when the process ends in the middle", () => {
    const { screen, renderer, shown } = open();
    renderer.onEvent(BUILD);
    renderer.onEvent(START);
    screen.exit();
    expect([shown().cursorVisible, shown().shown]).toEqual([true, [""]]);
  });

  it("redraws at most ten times a second", () => {
    const { screen, renderer } = open();
    renderer.onEvent(BUILD);
    for (let index = 0; index < 1000; index++) {
      renderer.onEvent(output("plugin", "line\n"));
      screen.advance(1);
    }
    expect(screen.writes.length).toBeLessThanOrEqual(11);
  });

  it("redraws under load although timers are late", () => {
    const { screen, renderer } = open();
    renderer.onEvent(BUILD);
    const before = screen.writes.length;
    screen.block(100);
    renderer.onEvent(START);
    expect(screen.writes.length).toBe(before + 1);
  });

  it("lets the time move on without events", () => {
    const { screen, renderer, shown } = open();
    renderer.onEvent(BUILD);
    screen.advance(5000);
    expect(shown().shown).toEqual(["test-swiftshader  0/2 steps  5 s"]);
    expect(screen.writes.length).toBeLessThanOrEqual(11);
  });

  it("does not mind the echo of Ctrl-C", () => {
    const { screen, renderer } = open();
    const terminal = new FakeTerminal(40);
    screen.columns = 40;
    renderer.onEvent(BUILD);
    renderer.onEvent({ ...START, reason: "x".repeat(60) } as Event);
    screen.advance(200);
    terminal.feed(`${screen.writes.splice(0).join("")}^C`);
    renderer.fail(new EngineError("interrupted", "Interrupted"));
    renderer[Symbol.dispose]();
    terminal.feed(screen.text);
    expect(terminal.lines).toEqual(["error: Interrupted", ""]);
  });

  it("redraws cleanly after the window became narrower", () => {
    const { screen, renderer } = open();
    const terminal = new FakeTerminal(40);
    renderer.onEvent(END);
    renderer.onEvent({ ...BUILD, targets: ["x".repeat(60)] } as Event);
    renderer.onEvent(START);
    screen.advance(200);
    // The terminal reflows: the headline, one row of 79 columns before, is two of 40 now.
    terminal.feed(screen.writes.splice(0).join("").replaceAll("\x1b[?7l", ""));
    expect(terminal.shown).toHaveLength(4);
    screen.columns = 40;
    screen.advance(1000);
    terminal.feed(screen.text);
    expect(terminal.shown).toEqual([
      "✓ plugin  41.2 s",
      `${"x".repeat(38)}…`,
      "  plugin  new  1 s",
    ]);
  });

  it("shows cached steps, output and downloads only when verbose", () => {
    const events: Event[] = [
      { type: "sandbox", name: "bwrap", reason: "no container engine answers" },
      { type: "fetch-end", name: "a.deb", sizeBytes: 1000, durationMs: 12 },
      output("plugin", "[1/3] g++\n[2/3] ld"),
      END,
      HIT,
    ];
    const quiet = open();
    const verbose = open({ verbose: true });
    for (const event of events) {
      quiet.renderer.onEvent(event);
      verbose.renderer.onEvent(event);
    }
    quiet.renderer[Symbol.dispose]();
    verbose.renderer[Symbol.dispose]();
    expect(quiet.shown().shown).toEqual(["✓ plugin  41.2 s"]);
    expect(verbose.shown().shown).toEqual([
      "sandbox bwrap: no container engine answers",
      "✓ fetch a.deb  1.00 kB in 12 ms",
      "plugin | [1/3] g++",
      "plugin | [2/3] ld",
      "✓ plugin  41.2 s",
      "= swiftshader  cached",
    ]);
  });

  it("tells an error once, at the end, although the command ends with it too", () => {
    const { renderer, shown } = open();
    const error = new EngineError("step-failed", 'Step "plugin" failed', {
      detail: ["error: x"],
      hint: "Mend x",
    });
    renderer.onEvent(BUILD);
    renderer.onEvent({
      type: "step-end",
      name: "plugin",
      id: "1",
      outcome: "failed",
      durationMs: 3200,
      error,
    });
    renderer.onEvent({ type: "step-end", name: "model", id: "2", outcome: "cancelled", durationMs: 10 });
    renderer.onEvent({ type: "build-end", ok: false, durationMs: 3300 });
    renderer.fail(new Error("build failed", { cause: error }));
    renderer.fail(error);
    renderer[Symbol.dispose]();
    expect(shown().shown).toEqual([
      '✗ plugin  3.2 s  Step "plugin" failed',
      "- model  cancelled after 10 ms",
      "✗ test-swiftshader  1 failed, 1 cancelled, 3.3 s",
      'error: Step "plugin" failed',
      "  | error: x",
      "  hint: Mend x",
    ]);
  });

  it("tells an error after it was closed", () => {
    const { renderer, shown } = open();
    renderer[Symbol.dispose]();
    renderer.fail(new EngineError("usage", "Unknown flag"));
    expect(shown().shown).toEqual(["error: Unknown flag"]);
  });

  it("ignores events after it was closed", () => {
    const { screen, renderer } = open();
    renderer[Symbol.dispose]();
    renderer.onEvent(BUILD);
    screen.advance(1000);
    expect(screen.text).toBe("");
  });

  it("says a warning once", () => {
    const { renderer, shown } = open();
    for (let index = 0; index < 3; index++) {
      renderer.onEvent({ type: "warning", message: "Little memory", hint: "Use --jobs 1" });
    }
    renderer[Symbol.dispose]();
    expect(shown().shown).toEqual(["warning: Little memory", "  hint: Use --jobs 1"]);
  });

  it("uses no escapes but its own without colour", () => {
    const { renderer, screen } = open();
    renderer.onEvent(END);
    expect(screen.text).not.toContain("\x1b[3");
  });

  it("colours the outcome when asked", () => {
    const { renderer, screen } = open({ color: true });
    renderer.onEvent(END);
    expect(screen.text).toContain("\x1b[32m✓\x1b[0m plugin");
  });
});
