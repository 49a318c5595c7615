import { describe, expect, it } from "vitest";
import { pulledLines, pushedLines } from "./remote_cache.ts";

const id = "abcdef0123456789";
const transfer = { registry: "ghcr.io/acme/cache", durationMs: 2000 };

describe("pulledLines()", () => {
  it("tells each step and how fast it went", () => {
    expect(pulledLines([
      { name: "runner", id, outcome: "pulled", sizeBytes: 3_000_000, receivedBytes: 2_000_000 },
      { name: "host-runtime/plugin", id, outcome: "here", sizeBytes: 5, receivedBytes: 0 },
      { name: "swiftshader", id, outcome: "absent", sizeBytes: 0, receivedBytes: 0 },
    ], transfer)).toEqual([
      "  runner               abcdef012345  pulled               3.00 MB",
      "  host-runtime/plugin  abcdef012345  was here                 5 B",
      "  swiftshader          abcdef012345  not in the registry",
      "",
      "Pulled 1 step from ghcr.io/acme/cache: 2.00 MB in 2.0 s, 1.00 MB/s",
    ]);
  });
});

describe("pushedLines()", () => {
  it("gives no rate where nothing was sent", () => {
    expect(pushedLines([{ name: "a", id, outcome: "there", sizeBytes: 7, sentBytes: 0 }], transfer)).toEqual([
      "  a  abcdef012345  was there  7 B",
      "",
      "Pushed 0 steps to ghcr.io/acme/cache",
    ]);
  });
});
