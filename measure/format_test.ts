import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCosine,
  formatError,
  formatMs,
  formatRatio,
  formatTime,
  plural,
} from "./format.ts";

describe("formatMs()", () => {
  const cases: ReadonlyArray<readonly [number, string]> = [
    [0, "0 ms"],
    [0.00775, "7.75 µs"],
    [0.1123, "0.112 ms"],
    [2.2, "2.20 ms"],
    [9.999, "10.0 ms"],
    [31.44, "31.4 ms"],
    [268.4, "268 ms"],
    [999.4, "999 ms"],
    [999.6, "1.00 s"],
    [1450, "1.45 s"],
    [59_940, "59.9 s"],
    [59_960, "1 min"],
    [147_400, "2 min 27 s"],
    [3_600_000, "1 h"],
    [3_661_000, "1 h 1 min 1 s"],
  ];
  for (const [ms, text] of cases) it(`writes ${ms} as ${text}`, () => expect(formatMs(ms)).toBe(text));
});

describe("formatError()", () => {
  it("has two digits, and an exponent where small or large", () => {
    expect([2.14e-9, 0.45, 4.61, 12345].map((value) => formatError(value))).toEqual([
      "2.1e-9",
      "0.45",
      "4.6",
      "1.2e+4",
    ]);
  });
  it("calls exact zero 0", () => expect(formatError(0)).toBe("0"));
  it("shows what could not be computed as a dash", () => expect(formatError(null)).toBe("–"));
});

describe("formatCosine()", () => {
  it("shows the distance from 1 where that tells", () => {
    expect(formatCosine(1 - 2 ** -20)).toBe("1 − 9.5e-7");
    expect(formatCosine(1)).toBe("1");
    expect(formatCosine(0.91)).toBe("0.9100");
    expect(formatCosine(null)).toBe("–");
  });
});

describe("formatBytes()", () => {
  it("uses binary units", () => {
    expect(formatBytes(0)).toBe("0 B");
    expect(formatBytes(1023)).toBe("1023 B");
    expect(formatBytes(14_210_304)).toBe("13.6 MiB");
  });
});

describe("formatTime()", () => {
  it("drops seconds and says UTC", () => {
    expect(formatTime("2026-03-14T09:26:53.000Z")).toBe("2026-03-14 09:26 UTC");
  });
});

describe("plural()", () => {
  it("adds an s except for one", () => {
    expect([plural(0, "model"), plural(1, "model"), plural(2, "model")]).toEqual([
      "0 models",
      "1 model",
      "2 models",
    ]);
  });
});

describe("formatRatio()", () => {
  it("has three significant digits and no exponent", () => {
    expect([0.1036, 1, 9.807, 111.6].map(formatRatio)).toEqual(["0.104", "1.00", "9.81", "112"]);
  });
});
