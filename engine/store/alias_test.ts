import { describe, expect, it } from "vitest";
import { digestOf } from "../digest.ts";
import { formatAlias, parseAlias } from "./_alias.ts";

const digest = digestOf("bytes");
const text = formatAlias("sha512%3Aabc", digest);

describe("parseAlias()", () => {
  it("reads what formatAlias() wrote", () => {
    expect(parseAlias("sha512%3Aabc", text)).toBe(digest);
  });

  it("takes every flipped bit and every cut for damage", () => {
    const bytes = new TextEncoder().encode(text);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect([bit, parseAlias("sha512%3Aabc", new TextDecoder().decode(damaged))]).toEqual([bit, undefined]);
    }
    for (let length = 0; length < text.length; length++) {
      expect(parseAlias("sha512%3Aabc", text.slice(0, length))).toBe(undefined);
    }
  });

  it("takes another source's record for none", () => {
    expect(parseAlias("sha512%3Adef", text)).toBe(undefined);
  });
});
