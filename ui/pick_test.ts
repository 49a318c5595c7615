import { describe, expect, it } from "vitest";
import { FakeScreen } from "./_fake_screen.ts";
import { openRenderer, pickRenderer } from "./pick.ts";
import { RENDERER_NAMES } from "./renderer.ts";

const environment = (values: Record<string, string>) => ({ get: (name: string) => values[name] });

describe("pickRenderer()", () => {
  it("follows the name if there is one", () => {
    expect(pickRenderer("jsonl", { isTty: true, env: environment({ GITHUB_ACTIONS: "true" }) })).toBe(
      "jsonl",
    );
  });

  it("prefers github in GitHub Actions", () => {
    expect(pickRenderer("auto", { isTty: true, env: environment({ GITHUB_ACTIONS: "true" }) })).toBe(
      "github",
    );
  });

  it("takes the live view on a terminal and the log elsewhere", () => {
    expect(pickRenderer("auto", { isTty: true, env: environment({}) })).toBe("terminal");
    expect(pickRenderer("auto", { isTty: false, env: environment({}) })).toBe("plain");
  });

  it("takes the log on a dumb terminal", () => {
    expect(pickRenderer("auto", { isTty: true, env: environment({ TERM: "dumb" }) })).toBe("plain");
  });
});

describe("openRenderer()", () => {
  it("opens each of them, and leaves no timer", () => {
    for (const name of RENDERER_NAMES) {
      const screen = new FakeScreen();
      {
        using renderer = openRenderer(name, { isTty: true, env: environment({}), screen });
        expect(renderer.name).toBe(name);
        renderer.onEvent({ type: "warning", message: "Little memory" });
      }
      expect(screen.text).toContain("Little memory");
      expect(screen.timers).toBe(0);
    }
  });

  it("respects NO_COLOR", () => {
    const open = (env: Record<string, string>) => {
      const screen = new FakeScreen();
      const renderer = openRenderer("terminal", { isTty: true, env: environment(env), screen });
      renderer.onEvent({ type: "warning", message: "Little memory" });
      return screen.text;
    };
    expect(open({ NO_COLOR: "1" })).not.toContain("\x1b[33m");
    expect(open({ NO_COLOR: "" })).toContain("\x1b[33m");
  });
});
