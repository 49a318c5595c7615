import { describe, expect, it } from "vitest";
import { EngineError } from "../engine/error.ts";
import type { ReplayedOutput } from "../engine/build/replay.ts";
import type { Event } from "../engine/event.ts";
import { PlainFormat } from "./plain.ts";

const BUILD: Event = { type: "build-start", targets: ["test-swiftshader"], steps: 9, misses: 2 };
const START: Event = {
  type: "step-start",
  name: "runner",
  id: "1",
  reason: "cache miss: runner/src/main.cc changed",
  sandbox: "bwrap",
};

function lines(format: PlainFormat, events: readonly (readonly [number, Event])[]): string[] {
  return events.flatMap(([atMs, event]) => format.event(event, atMs));
}

const output = (text: string): Event => ({
  type: "step-output",
  name: "runner",
  chunk: new TextEncoder().encode(text),
});

describe("PlainFormat", () => {
  it("tells a build from start to end", () => {
    const said = lines(new PlainFormat(), [
      [0, BUILD],
      [0, { type: "sandbox", name: "bwrap", reason: "no container engine answers" }],
      [200, { type: "image-start", name: "vulkan-sdk", packages: 455 }],
      [35_400, {
        type: "image-end",
        name: "vulkan-sdk",
        digest: "d",
        files: 41_203,
        sizeBytes: 1_510_000_000,
        durationMs: 35_200,
      }],
      [35_500, START],
      [35_600, output("[1/3] g++\n")],
      [76_700, { type: "step-end", name: "runner", id: "1", outcome: "built", durationMs: 41_200 }],
      [76_800, { type: "build-end", ok: true, durationMs: 76_800 }],
    ]);
    expect(said).toEqual([
      "[ 0:00] test-swiftshader: 9 steps, 2 to run",
      "[ 0:00] sandbox bwrap: no container engine answers",
      "[ 0:00] image vulkan-sdk: assembling 455 packages",
      "[ 0:35] image vulkan-sdk: done, 41,203 files, 1.51 GB in 35.2 s",
      "[ 0:35] step runner: start (cache miss: runner/src/main.cc changed)",
      "[ 1:16] step runner: done in 41.2 s",
      "[ 1:16] test-swiftshader: done in 1 min 17 s: 1 built, 7 cached",
    ]);
  });

  it("shows output and cached steps when verbose", () => {
    const said = lines(new PlainFormat({ verbose: true }), [
      [0, output("one\ntwo")],
      [1, { type: "step-end", name: "runner", id: "1", outcome: "built", durationMs: 5 }],
      [2, { type: "step-end", name: "model", id: "2", outcome: "hit", durationMs: 0 }],
    ]);
    expect(said).toEqual([
      "runner | one",
      "[ 0:00] step runner: done in 5 ms",
      "runner | two",
      "[ 0:00] step model: cached",
    ]);
  });

  it("tells what cached steps printed, but only when verbose", () => {
    const replayed: ReplayedOutput = {
      type: "step-output",
      name: "runner",
      chunk: new TextEncoder().encode("one\ntwo\x1b[31m\n"),
      replayed: true,
    };
    expect(lines(new PlainFormat(), [[0, replayed]])).toEqual([]);
    expect(lines(new PlainFormat({ verbose: true }), [[0, replayed]])).toEqual([
      "[ 0:00] step runner: cached, it printed:",
      "runner | one",
      "runner | two",
    ]);
  });

  it("sums up downloads every five seconds and when they are done", () => {
    const format = new PlainFormat();
    const events: [number, Event][] = [];
    for (let index = 0; index < 480; index++) {
      const [name, sizeBytes, atMs] = [`lib${index}.deb`, 725_000, index * 25];
      events.push([atMs, { type: "fetch-start", name, url: "u", sizeBytes }]);
      events.push([atMs + 20, { type: "fetch-progress", name, receivedBytes: sizeBytes, sizeBytes }]);
      // Four are on their way at any moment.
      const ended = `lib${index - 4}.deb`;
      if (index >= 4) {
        events.push([atMs + 20, { type: "fetch-end", name: ended, sizeBytes, durationMs: 120 }]);
      }
    }
    for (let index = 476; index < 480; index++) {
      events.push([12_000, {
        type: "fetch-end",
        name: `lib${index}.deb`,
        sizeBytes: 725_000,
        durationMs: 100,
      }]);
    }
    events.push([12_100, START]);
    expect(lines(format, events)).toEqual([
      "[ 0:05] fetch: 196 done, 4 running, 145 MB, 29.0 MB/s",
      "[ 0:10] fetch: 396 done, 4 running, 290 MB, 29.0 MB/s",
      "[ 0:12] fetch: done, 480 files, 348 MB",
      "[ 0:12] step runner: start (cache miss: runner/src/main.cc changed)",
    ]);
  });

  it("sums up downloads while nothing else happens", () => {
    const format = new PlainFormat();
    lines(format, [[0, { type: "fetch-start", name: "a", url: "u", sizeBytes: 5 }]]);
    const said = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((second) => format.tick(second * 1000));
    expect(said).toEqual([
      "[ 0:05] fetch: 0 done, 1 running, 0 B, 0 B/s",
      "[ 0:10] fetch: 0 done, 1 running, 0 B, 0 B/s",
    ]);
  });

  it("gives a sign of life every minute of silence", () => {
    const format = new PlainFormat();
    lines(format, [[0, BUILD], [1000, START]]);
    const said: string[] = [];
    for (let second = 2; second <= 130; second++) said.push(...format.tick(second * 1000));
    expect(said).toEqual([
      "[ 1:01] still running: runner (1 min 00 s)",
      "[ 2:01] still running: runner (2 min 00 s)",
    ]);
  });

  it("tells errors whole, once and at the end", () => {
    const format = new PlainFormat();
    const error = new EngineError("step-failed", "Step failed\nsecond line", { detail: ["error: x"] });
    const said = lines(format, [
      [0, BUILD],
      [1, { type: "step-end", name: "runner", id: "1", outcome: "failed", durationMs: 3200, error }],
      [2, { type: "build-end", ok: false, durationMs: 3300 }],
    ]);
    expect(said.slice(1)).toEqual([
      "[ 0:00] step runner: failed after 3.2 s: Step failed",
      "[ 0:00] test-swiftshader: failed in 3.3 s: 1 failed, 7 cached",
      "error: Step failed",
      "  second line",
      "  | error: x",
    ]);
    expect(format.fail(error, 3)).toEqual([]);
  });

  it("tells errors of steps also when the build has no end", () => {
    const format = new PlainFormat();
    const error = new EngineError("step-failed", "Step failed");
    lines(format, [[1, { type: "step-end", name: "a", id: "1", outcome: "failed", durationMs: 1, error }]]);
    expect(format.fail(new EngineError("io", "Cannot write"), 2)).toEqual([
      "error: Step failed",
      "error: Cannot write",
    ]);
  });

  it("says drift loudly and once", () => {
    const drift: Event = {
      type: "drift",
      drift: {
        source: "libfoo",
        lockedVersion: "1",
        usedVersion: "2",
        lockedSha256: "a".repeat(64),
        usedSha256: "b".repeat(64),
        reason: "gone",
      },
    };
    const said = lines(new PlainFormat(), [[0, drift], [1, drift]]);
    expect(said[0]).toBe('DRIFT: "libfoo" is not as locked: 2 in place of 1 (gone)');
    expect(said).toHaveLength(2);
  });

  it("shows retries", () => {
    const said = lines(new PlainFormat(), [
      [0, { type: "fetch-start", name: "a", url: "https://a.example/x", sizeBytes: 5 }],
      [1, {
        type: "fetch-retry",
        name: "a",
        url: "https://b.example/x",
        reason: "connection reset",
        attempt: 2,
      }],
    ]);
    expect(said).toEqual(["[ 0:00] fetch a: attempt 2 of https://b.example/x: connection reset"]);
  });

  it("does not repeat itself for hundreds of packages, unless verbose", () => {
    const events: [number, Event][] = [];
    for (let index = 0; index < 480; index++) {
      const [name, url] = [`lib${index}.deb`, `https://a.example/${index}`];
      events.push([0, { type: "waiting", name, reason: "another process downloads it" }]);
      events.push([0, { type: "fetch-start", name, url, sizeBytes: 5 }]);
      events.push([0, { type: "fetch-retry", name, url, reason: "connection reset", attempt: 1 }]);
    }
    const format = new PlainFormat();
    expect(lines(format, events)).toHaveLength(4);
    expect(format.tick(5000)[0]).toContain("480 tried again");
    expect(lines(new PlainFormat({ verbose: true }), events)).toHaveLength(960);
  });

  it("sums up each build of a command by itself", () => {
    const one: [number, Event][] = [
      [0, { ...BUILD, targets: [] } as Event],
      [1, { type: "fetch-start", name: "a", url: "u", sizeBytes: 5 }],
      [2, { type: "fetch-end", name: "a", sizeBytes: 5, durationMs: 1 }],
      [3, { type: "step-end", name: "runner", id: "1", outcome: "built", durationMs: 5 }],
      [4, { type: "build-end", ok: true, durationMs: 5 }],
    ];
    const said = lines(new PlainFormat(), [...one, ...one]);
    expect(said.slice(0, said.length / 2)).toEqual(said.slice(said.length / 2));
    expect(said.at(-1)).toBe("[ 0:00] build: done in 5 ms: 1 built, 7 cached, fetched 1 file (5 B)");
  });

  it("keeps control sequences out of the log", () => {
    const said = lines(new PlainFormat({ verbose: true }), [
      [0, { type: "waiting", name: "a", reason: "\x1b[2Jb" }],
      [0, output("\x1b]0;t\x07text\n")],
    ]);
    expect(said).toEqual(["[ 0:00] a: waiting: b", "runner | text"]);
  });
});
