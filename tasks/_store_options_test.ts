import { describe, expect, it } from "vitest";
import { parseDays, parseSize } from "./_store_options.ts";

describe("parseSize()", () => {
  it.each([["0", 0], ["1000", 1000], ["20GB", 20e9], ["20g", 20e9], ["1.5T", 1.5e12], [
    "500 MiB",
    500 * 2 ** 20,
  ]])(
    "reads %s",
    (text: string, bytes: number) => expect(parseSize(text)).toBe(bytes),
  );

  it.each(["", "GB", "-1", "1.5.2G", "10 PB", "1e9"])("refuses %s", (text: string) => {
    expect(() => parseSize(text)).toThrow("a size such as 20GB");
  });
});

describe("parseDays()", () => {
  it("reads zero and fractions, and refuses the rest", () => {
    expect([parseDays("0"), parseDays("14"), parseDays("0.5")]).toEqual([0, 14, 0.5]);
    for (const text of ["", "-1", "two", "Infinity"]) expect(() => parseDays(text)).toThrow("number of days");
  });
});
