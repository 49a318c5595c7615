import { describe, expect, it } from "vitest";
import { byCodePoint, canonicalJson } from "./canonical_json.ts";
import { digestOfJson } from "./digest.ts";

describe("canonicalJson()", () => {
  it("sorts keys by code point and leaves out undefined members", () => {
    expect(canonicalJson({ b: 1, a: [true, null, "x"], Z: undefined, A: {} })).toBe(
      '{"A":{},"a":[true,null,"x"],"b":1}',
    );
  });

  it("puts surrogates after the basic plane, unlike UTF-16 order", () => {
    expect(["\u{1f600}", "\uff5e", "a"].sort(byCodePoint)).toEqual(["a", "\uff5e", "\u{1f600}"]);
  });

  it("writes minus zero as zero", () => {
    expect(canonicalJson(-0)).toBe("0");
  });

  it("refuses numbers that are not safe integers", () => {
    expect(() => canonicalJson(0.5)).toThrow("not a safe integer");
    expect(() => canonicalJson(2 ** 53)).toThrow("not a safe integer");
    expect(() => canonicalJson(NaN)).toThrow("not a safe integer");
  });

  it("keeps its golden digests: a change would invalidate every store", () => {
    expect(digestOfJson({})).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    expect(digestOfJson({ step: "a", inputs: ["é", 1, false], nested: { z: null, a: {} } })).toBe(
      "9f08d7900128fae71e04acd0cd6d7787d7e8978d4577860f1424497d58cf0a89",
    );
  });
});
