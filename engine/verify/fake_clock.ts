/**
 * Another date inside a sandbox, by libfaketime: a library that is loaded before a program's own and answers when it asks
 * for the time. It comes with the sandbox's tools, where their lock names it.
 *
 * @module
 */
import { join } from "node:path";
import type { Host } from "../host.ts";
import type { Image } from "../image/mod.ts";
import type { SandboxRun } from "../sandbox/mod.ts";
import { compareDebianVersions } from "../source/mod.ts";

/** Where Debian puts the variant for programs with threads. */
const LIBRARY = "usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
const TARGET = "/in/.clock.so";

/** More than a year, so that every part of a date differs. */
export const CLOCK_SHIFT_DAYS = 400;

/** The library's path on the host; `undefined` where the tools come without it. */
export function findFakeClock(host: Host, toolsRoot: string): string | undefined {
  const path = join(toolsRoot, LIBRARY);
  return host.fs.lstat(path)?.kind === "file" ? path : undefined;
}

/** The C library that Debian bookworm's libfaketime is linked for. */
const LEAST_LIBC = "2.34";

/** Whether programs of an image can load the library: those of an older C library end with an error instead. */
export function fakeClockFits({ packages }: Pick<Image, "packages">): boolean {
  const libc = packages.find(({ name }) => name === "libc6");
  return libc !== undefined && compareDebianVersions(libc.version, LEAST_LIBC) >= 0;
}

/**
 * The run with its clock ahead. Times of files stay what they are, and so does the clock that only measures: waiting and
 * time limits go by it.
 */
export function withFakeClock(run: SandboxRun, library: string): SandboxRun {
  return {
    ...run,
    mounts: [...run.mounts, { source: library, target: TARGET }],
    environment: {
      ...run.environment,
      LD_PRELOAD: TARGET,
      FAKETIME: `+${CLOCK_SHIFT_DAYS}d`,
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      NO_FAKE_STAT: "1",
    },
  };
}
