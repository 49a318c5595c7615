import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatElapsed,
  formatPercent,
  formatRate,
  formatStopwatch,
  layoutTable,
  wrapText,
} from "./format.ts";

describe("formatBytes()", () => {
  it("has three significant digits", () => {
    expect([0, 999, 1000, 1234, 45_600, 348_123_456, 1_234_000_000].map(formatBytes)).toEqual([
      "0 B",
      "999 B",
      "1.00 kB",
      "1.23 kB",
      "45.6 kB",
      "348 MB",
      "1.23 GB",
    ]);
  });

  it("steps to the next unit instead of printing 1000", () => {
    expect([999_499, 999_600, 9_996_000, 99_960_000].map(formatBytes)).toEqual([
      "999 kB",
      "1.00 MB",
      "10.0 MB",
      "100 MB",
    ]);
  });

  it("never shows a negative size", () => {
    expect(formatBytes(-5)).toBe("0 B");
  });
});

describe("formatDuration()", () => {
  it("chooses the unit", () => {
    expect([0, 412, 41_230, 123_000, 3_725_000].map(formatDuration)).toEqual([
      "0 ms",
      "412 ms",
      "41.2 s",
      "2 min 03 s",
      "1 h 02 min",
    ]);
  });

  it("does not print 60.0 s or 60 seconds in a minute", () => {
    expect([59_949, 59_950, 59_999, 119_600].map(formatDuration)).toEqual([
      "59.9 s",
      "1 min 00 s",
      "1 min 00 s",
      "2 min 00 s",
    ]);
  });
});

describe("formatElapsed()", () => {
  it("counts whole seconds", () => {
    expect([0, 999, 41_999, 60_000, 3_600_000].map(formatElapsed)).toEqual([
      "0 s",
      "0 s",
      "41 s",
      "1 min 00 s",
      "1 h 00 min",
    ]);
  });
});

describe("formatStopwatch()", () => {
  it("has minutes and seconds", () => {
    expect([0, 41_000, 123_000, 3_730_000].map(formatStopwatch)).toEqual(["0:00", "0:41", "2:03", "62:10"]);
  });
});

describe("formatPercent()", () => {
  it("says 100 only at the end", () => {
    expect([formatPercent(0, 9), formatPercent(999, 1000), formatPercent(9, 9), formatPercent(0, 0)]).toEqual(
      [
        "0 %",
        "99 %",
        "100 %",
        "100 %",
      ],
    );
  });
});

describe("formatCount()", () => {
  it("groups thousands and minds the plural", () => {
    expect([formatCount(1, "file"), formatCount(0, "file"), formatCount(1_234_567, "file")]).toEqual([
      "1 file",
      "0 files",
      "1,234,567 files",
    ]);
  });

  it("takes an irregular plural", () => {
    expect(formatCount(2, "entry", "entries")).toBe("2 entries");
  });
});

describe("formatRate()", () => {
  it("is a size per second", () => {
    expect(formatRate(12_400_000)).toBe("12.4 MB/s");
  });
});

describe("wrapText()", () => {
  it("breaks at spaces", () => {
    expect(wrapText("one two three four", 9)).toEqual(["one two", "three", "four"]);
  });

  it("keeps a long word whole", () => {
    expect(wrapText("see https://example.org/long here", 10)).toEqual([
      "see",
      "https://example.org/long",
      "here",
    ]);
  });

  it("gives one line for empty text", () => {
    expect(wrapText("", 10)).toEqual([""]);
  });
});

describe("layoutTable()", () => {
  it("aligns columns and drops trailing spaces", () => {
    const rows = [["name", "time", ""], ["mobilenet_v2", "2.2 ms", "ok"], ["a", "37.0 ms", ""]];
    expect(layoutTable(rows, { align: "lr" })).toEqual([
      "name             time",
      "mobilenet_v2   2.2 ms  ok",
      "a             37.0 ms",
    ]);
  });

  it("counts wide characters as two columns", () => {
    expect(layoutTable([["模型", "x"], ["ab", "y"]])).toEqual(["模型  x", "ab    y"]);
  });

  it("cuts to the width", () => {
    expect(layoutTable([["abcdef", "ghijkl"]], { width: 10 })).toEqual(["abcdef  g…"]);
  });
});
