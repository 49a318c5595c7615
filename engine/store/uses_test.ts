import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { digestOf, type StepId } from "../digest.ts";
import type { Host } from "../host.ts";
import { lastUseMs, recordUses } from "./uses.ts";

const id = digestOf("id") as StepId;
const real = denoHost();
let root: string;

function at(nowMs: number, fs = real.fs): Host {
  return { ...real, fs, clock: { ...real.clock, now: () => nowMs } };
}

describe("recordUses()", () => {
  beforeEach(() => {
    root = Deno.makeTempDirSync({ prefix: "vkforge-uses-" });
  });

  afterEach(() => Deno.removeSync(root, { recursive: true }));

  it("remembers the last use", () => {
    expect(lastUseMs(real, root, id)).toBe(undefined);
    recordUses(at(1_000_000_000_000), root, [id]);
    expect(lastUseMs(real, root, id)).toBe(1_000_000_000_000);
    recordUses(at(1_000_100_000_000), root, [id]);
    expect(lastUseMs(real, root, id)).toBe(1_000_100_000_000);
  });

  it("writes nothing for a use within the hour", () => {
    recordUses(at(1_000_000_000_000), root, [id]);
    const fs = {
      ...real.fs,
      utime: () => {
        throw new Error("it wrote");
      },
    };
    recordUses(at(1_000_003_000_000, fs), root, [id]);
    expect(lastUseMs(real, root, id)).toBe(1_000_000_000_000);
  });

  it("does without where the store cannot be written", () => {
    Deno.writeTextFileSync(join(root, "used"), "in the way");
    recordUses(at(1_000_000_000_000), root, [id]);
    expect(lastUseMs(real, root, id)).toBe(undefined);
  });
});
