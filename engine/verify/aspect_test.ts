import { describe, expect, it } from "vitest";
import type { SandboxRun } from "../sandbox/mod.ts";
import { type AspectOptions, aspectsOf } from "./aspect.ts";

const options: AspectOptions = {
  variations: new Set(),
  sandboxName: "other",
  cpus: 4,
  temporaryFolder: "/t",
  nowMs: Date.UTC(2026, 0, 1, 12),
  fakeClock: undefined,
  reorder: (run) => run,
};
const run = { mounts: [], environment: { WORD: "kept" }, command: ["/bin/true"] } as unknown as SandboxRun;
const names = (items: ReadonlyArray<{ readonly name: string }>) => items.map(({ name }) => name);
const all = (build: number, over: Partial<AspectOptions> = {}) =>
  aspectsOf(build, { ...options, ...over }).varied.reduce((altered, aspect) => aspect.apply(altered), run);

describe("aspectsOf()", () => {
  it("says of what the sandbox cannot vary that it is not varied", () => {
    const { varied, fixed } = aspectsOf(1, options);
    expect(names(varied)).toEqual([
      "environment",
      "time zone",
      "processors",
      "locale",
      "umask",
      "process numbers",
    ]);
    expect(names(fixed)).toEqual([
      "host name",
      "build path",
      "temporary folder",
      "directory order",
      "user",
      "address layout",
      "clock",
    ]);
    expect(all(1).variation).toBe(undefined);
  });

  it("asks the sandbox for all that it can vary", () => {
    const variations = new Set(
      ["hostName", "userId", "buildPath", "temporaryFolder", "cpus", "randomizeAddresses"] as const,
    );
    expect(all(1, { variations }).variation).toEqual({
      hostName: "verify-1",
      buildPath: "/tmp/verify/1/build",
      temporaryFolder: "/t",
      userId: 4321,
      cpus: 1,
      randomizeAddresses: false,
    });
  });

  it("keeps the step's own variables and its command", () => {
    const altered = all(1);
    expect(altered.environment["WORD"]).toBe("kept");
    expect(altered.environment["JOBS"]).toBe("1");
    expect(altered.command.at(-1)).toBe("/bin/true");
  });

  it("gives the next build more processors and another umask", () => {
    expect(all(2).environment["JOBS"]).toBe("5");
    expect(all(2).command.join(" ")).toContain("umask 002");
  });

  it("picks the time zone in which it is another day now", () => {
    const dayIn = (hour: number) => {
      const nowMs = Date.UTC(2026, 0, 15, hour, 30);
      const offset = -Number(all(1, { nowMs }).environment["TZ"]!.slice("VKF".length));
      return new Date(nowMs + offset * 3_600_000).getUTCDate();
    };
    for (let hour = 0; hour < 24; hour++) expect(dayIn(hour)).not.toBe(15);
  });

  it("puts the clock ahead where there is a library for it", () => {
    const altered = all(1, { fakeClock: "/tools/clock.so" });
    expect(altered.mounts).toEqual([{ source: "/tools/clock.so", target: "/in/.clock.so" }]);
    expect(altered.environment["LD_PRELOAD"]).toBe("/in/.clock.so");
  });
});
