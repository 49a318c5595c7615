import { describe, expect, it } from "vitest";
import { tooWarm } from "./thermal_gate.ts";

const at = "2026-01-01T00:00:00Z";
const cool = { at, temperatures: { cpu: 40 }, cpus: [] };

describe("tooWarm()", () => {
  it("stops at Android's own word, in every profile", () => {
    const state = { ...cool, thermalStatus: 1 };
    expect(tooWarm(state, { baseline: cool, profile: "stock" })).toBe("its thermal status is 1");
  });

  it("stops above two degrees of rise in the profile lab only", () => {
    const state = { ...cool, temperatures: { cpu: 42.5, other: 90 } };
    expect(tooWarm(state, { baseline: cool, profile: "stock" })).toBeUndefined();
    expect(tooWarm(state, { baseline: cool, profile: "lab" })).toBe(
      "cpu is at 42.5 °C, 2.5 °C above the beginning",
    );
    const warm = { ...cool, temperatures: { cpu: 42 } };
    expect(tooWarm(warm, { baseline: cool, profile: "lab" })).toBeUndefined();
  });
});
