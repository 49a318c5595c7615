import { describe, expect, it } from "vitest";
import { compareVersions } from "./version.ts";

describe("compareVersions()", () => {
  const ascending = [
    ["1.0-dev", "1.0-alpha"],
    ["1.0-alpha", "1.0-rc"],
    ["1.0-rc", "1.0-snapshot"],
    ["1.0-snapshot", "1.0-ga"],
    ["1.0-ga", "1.0"],
    ["1.0", "1.0.1"],
    ["1.9", "1.10"],
    ["1.3.71", "1.3.72"],
    ["28.1-android", "28.1-jre"],
    ["1.0", "9999.0-empty-to-avoid-conflict-with-guava"],
    ["20160824", "1.0.20181211"].reverse(),
  ] as const;
  for (const [older, newer] of ascending) {
    it(`puts ${newer} above ${older}`, () => {
      expect(compareVersions(newer ?? "", older ?? "")).toBeGreaterThan(0);
      expect(compareVersions(older ?? "", newer ?? "")).toBeLessThan(0);
    });
  }

  it("takes separators for equal", () => {
    expect(compareVersions("1.0-1", "1.0.1")).toBe(0);
  });
});
