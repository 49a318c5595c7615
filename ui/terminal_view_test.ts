import { describe, expect, it } from "vitest";
import type { Event } from "../engine/event.ts";
import { displayWidth } from "./_display_width.ts";
import { advance, newProgress, type Progress, tick } from "./progress.ts";
import { renderLive } from "./terminal_view.ts";

const SIZE = { columns: 80, rows: 24 };
const BUILD: Event = { type: "build-start", targets: ["test-swiftshader"], steps: 9, misses: 7 };

function after(events: readonly (readonly [number, Event])[], nowMs: number): Progress {
  const progress = newProgress();
  for (const [atMs, event] of events) advance(progress, event, atMs);
  tick(progress, nowMs);
  return progress;
}

describe("renderLive()", () => {
  it("shows nothing before anything happened", () => {
    expect(renderLive(newProgress(), SIZE)).toEqual([]);
  });

  it("heads the view with what is done and how long it took", () => {
    const progress = after([
      [0, BUILD],
      [20, { type: "step-end", name: "b", id: "2", outcome: "built", durationMs: 10 }],
    ], 41_000);
    expect(renderLive(progress, SIZE)).toEqual(["test-swiftshader  3/9 steps  41 s"]);
  });

  it("has a line for each step, image and fetch, with its reason and time", () => {
    const progress = after([
      [0, BUILD],
      [0, { type: "fetch-start", name: "swiftshader", url: "u", sizeBytes: 56_100_000 }],
      [0, { type: "image-start", name: "vulkan-sdk", packages: 455 }],
      [1000, {
        type: "step-start",
        name: "plugin",
        id: "1",
        reason: "runner/src/main.cc changed",
        sandbox: "bwrap",
      }],
      [2000, {
        type: "fetch-progress",
        name: "swiftshader",
        receivedBytes: 16_000_000,
        sizeBytes: 56_100_000,
      }],
      [2000, { type: "image-progress", name: "vulkan-sdk", done: 210, packages: 455 }],
      [2000, { type: "waiting", name: "mobilenet_v2", reason: "another process builds it" }],
    ], 2000);
    expect(renderLive(progress, SIZE)).toEqual([
      "test-swiftshader  2/9 steps  2 s",
      "  plugin             runner/src/main.cc changed  1 s",
      "  image vulkan-sdk   210/455 packages  46 %  2 s",
      "  fetch swiftshader  16.0 MB of 56.1 MB  28 %  8.00 MB/s  2 s",
      "  mobilenet_v2       waiting: another process builds it",
    ]);
  });

  it("sums up many fetches, but keeps the large ones apart", () => {
    const events: [number, Event][] = [[0, BUILD]];
    for (let index = 0; index < 480; index++) {
      const name = `lib${index}.deb`;
      const sizeBytes = index === 7 ? 60_000_000 : 200_000;
      events.push([0, { type: "fetch-start", name, url: "u", sizeBytes }]);
      if (index < 5) events.push([500, { type: "fetch-end", name, sizeBytes, durationMs: 500 }]);
    }
    events.push([900, {
      type: "fetch-progress",
      name: "lib7.deb",
      receivedBytes: 9e6,
      sizeBytes: 60_000_000,
    }]);
    expect(renderLive(after(events, 1000), SIZE)).toEqual([
      "test-swiftshader  2/9 steps  1 s",
      "  fetch           475 running  5 done  10.0 MB  10.0 MB/s",
      "  fetch lib7.deb  9.00 MB of 60.0 MB  15 %  9.00 MB/s  1 s",
    ]);
  });

  it("says why a fetch is tried again", () => {
    const progress = after([
      [0, { type: "fetch-start", name: "a", url: "u", sizeBytes: undefined }],
      [5, { type: "fetch-retry", name: "a", url: "u", reason: "connection reset", attempt: 2 }],
    ], 10);
    expect(renderLive(progress, SIZE)).toEqual(["  fetch a  0 B  attempt 2: connection reset  0 s"]);
  });

  it("counts steps that are known to be cached as done", () => {
    expect(renderLive(after([[0, BUILD]], 0), SIZE)).toEqual(["test-swiftshader  2/9 steps  0 s"]);
  });

  it("shows nothing of a build that is over", () => {
    const progress = after([[0, BUILD], [1, { type: "build-end", ok: true, durationMs: 1 }]], 2);
    expect(renderLive(progress, SIZE)).toEqual([]);
  });

  it("has a headline without names of targets", () => {
    expect(renderLive(after([[0, { ...BUILD, targets: [] } as Event]], 0), SIZE)).toEqual([
      "build  2/9 steps  0 s",
    ]);
  });

  it("sums up many things that wait", () => {
    const events: [number, Event][] = [];
    for (let index = 0; index < 480; index++) {
      events.push([0, { type: "waiting", name: `lib${index}.deb`, reason: "another process downloads it" }]);
    }
    expect(renderLive(after(events, 0), SIZE)).toEqual([
      "  waiting  480 things, first lib0.deb: another process downloads it",
    ]);
  });

  it("fits any width, and keeps the time when it cuts the reason", () => {
    const progress = after([
      [0, BUILD],
      [0, { type: "step-start", name: "模型/plugin", id: "1", reason: "x".repeat(200), sandbox: "bwrap" }],
      [0, { type: "fetch-start", name: "a", url: "u", sizeBytes: 5 }],
    ], 41_000);
    for (let columns = 1; columns <= 120; columns++) {
      const widths = renderLive(progress, { columns, rows: 24 }).map(displayWidth);
      expect(Math.max(...widths)).toBeLessThanOrEqual(Math.max(1, columns - 1));
    }
    expect(renderLive(progress, { columns: 60, rows: 24 })[1]).toMatch(/x… {2}41 s$/);
  });

  it("fits the height, and says how many are not shown", () => {
    const events: [number, Event][] = [[0, BUILD]];
    for (let index = 0; index < 50; index++) {
      events.push([0, { type: "step-start", name: `s${index}`, id: "1", reason: "new", sandbox: "bwrap" }]);
    }
    const lines = renderLive(after(events, 0), { columns: 80, rows: 10 });
    expect(lines).toHaveLength(9);
    expect(lines.at(-1)).toBe("  and 43 more");
  });

  it("counts failures in the headline", () => {
    const progress = after([
      [0, BUILD],
      [1, { type: "step-end", name: "a", id: "1", outcome: "failed", durationMs: 1 }],
    ], 1000);
    expect(renderLive(progress, SIZE)).toEqual(["test-swiftshader  3/9 steps  1 failed  1 s"]);
  });

  it("cleans names and reasons", () => {
    const progress = after([
      [0, { type: "step-start", name: "a\x1b[2J", id: "1", reason: "b\x1b]0;t\x07c", sandbox: "bwrap" }],
    ], 0);
    expect(renderLive(progress, SIZE)).toEqual(["  a  bc  0 s"]);
  });
});
