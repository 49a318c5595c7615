import { describe, expect, it } from "vitest";
import type { Image } from "../image/mod.ts";
import { fakeClockFits } from "./fake_clock.ts";

const withLibc = (version: string): Pick<Image, "packages"> => ({
  packages: [{
    name: "libc6",
    version,
    archive: "a",
    path: "pool/main/g/glibc/libc6.deb",
    sha256: "0".repeat(64),
    sizeBytes: 1,
  }],
});

describe("fakeClockFits()", () => {
  it("asks for the C library that libfaketime is linked for", () => {
    expect(fakeClockFits(withLibc("2.36-9+deb12u10"))).toBe(true);
    expect(fakeClockFits(withLibc("2.31-13+deb11u11"))).toBe(false);
  });

  it("does not load it into an image without one", () => {
    expect(fakeClockFits({ packages: [] })).toBe(false);
  });
});
