import { describe, expect, it } from "vitest";
import { FakeScreen } from "./_fake_screen.ts";
import { LogRenderer } from "./log_renderer.ts";
import { PlainFormat } from "./plain.ts";

describe("LogRenderer", () => {
  it("writes what the format says, a line at a time", () => {
    const screen = new FakeScreen();
    using renderer = new LogRenderer(new PlainFormat(), screen);
    renderer.onEvent({ type: "sandbox", name: "bwrap", reason: "chosen" });
    renderer.say("one", "two");
    renderer.onEvent({ type: "fetch-end", name: "a", sizeBytes: 1, durationMs: 1 });
    expect(screen.writes).toEqual(["[ 0:00] sandbox bwrap: chosen\n", "one\ntwo\n"]);
  });

  it("lets the format speak while nothing happens", () => {
    const screen = new FakeScreen();
    using renderer = new LogRenderer(new PlainFormat(), screen);
    renderer.onEvent({ type: "fetch-start", name: "a", url: "u", sizeBytes: 5 });
    screen.advance(5000);
    expect(screen.text).toBe("[ 0:05] fetch: 0 done, 1 running, 0 B, 0 B/s\n");
  });
});
