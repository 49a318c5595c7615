import { describe, expect, it } from "vitest";
import { compareDebianVersions } from "./debian_version.ts";

/** Each is older than the next. The tilde cases are those of Debian Policy 5.6.12 and deb-version(7). */
const ASCENDING = [
  "~~ < ~~a < ~ <  < a",
  "1.0~beta1~svn1245 < 1.0~beta1 < 1.0",
  "1.0~rc1-1 < 1.0-1 < 1.0-1+b1 < 1.0-1.1 < 1.0-2 < 1.0.1-1 < 1.1-1 < 1.10-1 < 2.0-1 < 1:0.1-1",
  "0.8.0-2~bpo11+1 < 0.8.0-2 < 0.8.0-2+deb12u1 < 0.8.0-2+deb12u2 < 0.8.0-2.1 < 0.8.0-3",
  "2.36-9+deb12u9 < 2.36-9+deb12u10 < 2.36-9+deb12u14",
  "1.0-1+1 < 1.0a < 1.0a1 < 1.0b < 1.0+1",
  "12.2.0-14 < 12.2.0-14+deb12u1",
  "1.3.4.20200120-3.1 < 1.3.4.99999999999999999998-1 < 1.3.4.99999999999999999999-1",
  "1.0-1 < 1.0-2-0 < 1.0-2-1",
  "0:9 < 1:1 < 10:0",
];

describe("compareDebianVersions()", () => {
  it.each(ASCENDING)("orders %s", (chain) => {
    const versions = chain.split(" < ");
    for (const [left, a] of versions.entries()) {
      for (const [right, b] of versions.entries()) {
        expect([a, b, Math.sign(compareDebianVersions(a, b))]).toEqual([a, b, Math.sign(left - right)]);
      }
    }
  });

  it("finds versions equal that differ in an absent epoch, revision or leading zeros", () => {
    for (
      const [a = "", b = ""] of [["1.0", "0:1.0"], ["1.0", "1.0-0"], ["1.0", "1.00"], ["1.01-1", "1.1-01"], [
        "1.0",
        "1.0-",
      ]]
    ) {
      expect([a, b, compareDebianVersions(a, b)]).toEqual([a, b, 0]);
    }
  });
});
