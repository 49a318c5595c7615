import { describe, expect, it } from "vitest";
import { EngineError, exitCodeOf } from "../error.ts";
import { assertFresh } from "./mod.ts";

const lock = { schema: 1 as const, requested: { bookworm: ["a", "b"], trixie: ["c"] }, packages: [] };

function reasonFor(requested: Record<string, readonly string[]>): string {
  try {
    assertFresh(lock, requested, "docker/x/packages.lock.json");
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    expect(exitCodeOf(error)).toBe(3);
    expect((error as EngineError).hint).toContain("deno task lock");
    return (error as EngineError).message.replace('Cannot use "docker/x/packages.lock.json": ', "");
  }
  return "fresh";
}

describe("assertFresh()", () => {
  it("passes whatever the order and however often a name is given", () => {
    expect(reasonFor({ bookworm: ["b", "a", "b"], trixie: ["c"] })).toBe("fresh");
  });

  it("names what is new and what is gone", () => {
    expect(reasonFor({ bookworm: ["a", "b", "new"], trixie: ["c"] })).toBe(
      '"new" from "bookworm" is asked for, but not locked',
    );
    expect(reasonFor({ bookworm: ["a", "b"], trixie: [] })).toBe(
      '"c" from "trixie" is locked, but not asked for any more',
    );
    expect(reasonFor({ bookworm: ["a", "b"] })).toBe(
      '"c" from "trixie" is locked, but not asked for any more',
    );
  });

  it("notices that another archive is the one that is solved", () => {
    expect(reasonFor({ trixie: ["c"], bookworm: ["a", "b"] })).toBe(
      'its first archive is "bookworm", now "trixie" is',
    );
  });
});
