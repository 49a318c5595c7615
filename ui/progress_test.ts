import { describe, expect, it } from "vitest";
import { advance, elapsedMs, fetchRate, newProgress, tick } from "./progress.ts";

describe("advance()", () => {
  it("follows a step from start to end", () => {
    const progress = newProgress();
    advance(progress, { type: "step-start", name: "a", id: "1", reason: "new", sandbox: "bwrap" }, 100);
    expect(progress.runningSteps.get("a")?.startedMs).toBe(100);
    advance(progress, { type: "step-end", name: "a", id: "1", outcome: "built", durationMs: 50 }, 150);
    expect(progress.runningSteps.size).toBe(0);
    expect(progress.ended.built).toBe(1);
    expect(elapsedMs(progress)).toBe(50);
  });

  it("stops waiting when the step starts", () => {
    const progress = newProgress();
    advance(progress, { type: "waiting", name: "a", reason: "another process builds it" }, 0);
    expect(progress.waiting.get("a")).toBe("another process builds it");
    advance(progress, { type: "step-start", name: "a", id: "1", reason: "new", sandbox: "bwrap" }, 1);
    expect(progress.waiting.size).toBe(0);
  });

  it("stops waiting when the download or the image begins", () => {
    const progress = newProgress();
    advance(progress, { type: "waiting", name: "a", reason: "another process downloads it" }, 0);
    advance(progress, { type: "waiting", name: "i", reason: "another process assembles it" }, 0);
    advance(progress, { type: "fetch-start", name: "a", url: "u", sizeBytes: 5 }, 1);
    advance(progress, { type: "image-start", name: "i", packages: 3 }, 1);
    expect(progress.waiting.size).toBe(0);
  });

  it("counts bytes once, whatever progress said of them", () => {
    const progress = newProgress();
    advance(progress, { type: "fetch-start", name: "a", url: "u", sizeBytes: 100 }, 0);
    advance(progress, { type: "fetch-progress", name: "a", receivedBytes: 60, sizeBytes: 100 }, 1);
    advance(progress, { type: "fetch-progress", name: "a", receivedBytes: 20, sizeBytes: 100 }, 2);
    expect(progress.receivedBytes).toBe(20);
    advance(progress, { type: "fetch-end", name: "a", sizeBytes: 100, durationMs: 3 }, 3);
    expect(progress.receivedBytes).toBe(100);
    expect(progress.fetched).toEqual({ files: 1, bytes: 100, retries: 0 });
  });

  it("counts a fetch that ends without a start", () => {
    const progress = newProgress();
    advance(progress, { type: "fetch-end", name: "a", sizeBytes: 100, durationMs: 3 }, 3);
    expect(progress.fetched).toEqual({ files: 1, bytes: 100, retries: 0 });
  });

  it("clears what failed without an end when the build ends", () => {
    const progress = newProgress();
    advance(progress, { type: "fetch-start", name: "a", url: "u", sizeBytes: 100 }, 0);
    advance(progress, { type: "image-start", name: "i", packages: 3 }, 0);
    advance(progress, { type: "build-end", ok: false, durationMs: 1 }, 1);
    expect([progress.runningFetches.size, progress.runningImages.size]).toEqual([0, 0]);
  });
});

describe("fetchRate()", () => {
  it("is undefined before there is enough to tell", () => {
    const progress = newProgress();
    advance(progress, { type: "fetch-start", name: "a", url: "u", sizeBytes: 100 }, 0);
    expect(fetchRate(progress)).toBeUndefined();
  });

  it("looks back five seconds only", () => {
    const progress = newProgress();
    advance(progress, { type: "fetch-start", name: "a", url: "u", sizeBytes: 1e9 }, 0);
    for (let ms = 100; ms <= 20_000; ms += 100) {
      const receivedBytes = ms <= 10_000 ? ms * 1000 : 10_000_000 + (ms - 10_000) * 2000;
      advance(progress, { type: "fetch-progress", name: "a", receivedBytes, sizeBytes: 1e9 }, ms);
    }
    expect(fetchRate(progress)).toBeCloseTo(2_000_000, -3);
  });

  it("falls to zero when nothing comes any more", () => {
    const progress = newProgress();
    advance(progress, { type: "fetch-start", name: "a", url: "u", sizeBytes: 1e9 }, 0);
    advance(progress, { type: "fetch-progress", name: "a", receivedBytes: 1e6, sizeBytes: 1e9 }, 1000);
    for (let ms = 2000; ms <= 12_000; ms += 1000) tick(progress, ms);
    expect(fetchRate(progress)).toBe(0);
  });
});
