import { describe, expect, it } from "vitest";
import { denoHost } from "../../engine/deno_host.ts";
import type { Host } from "../../engine/mod.ts";
import { assertDisk, neededBytes } from "./disk.ts";

/** A host whose disks have this much room. */
function withRoom(bytes: number): Host {
  const host = denoHost();
  return { ...host, fs: { ...host.fs, freeBytes: () => bytes } };
}

describe("assertDisk()", () => {
  it("says what is needed, what is free and what to do", () => {
    expect(() => assertDisk(withRoom(9.4e9), "/store", { abis: ["arm64-v8a", "x86"] })).toThrow(
      expect.objectContaining({
        code: "disk-full",
        message: 'Cannot build torch for Android: it needs about 22 GB, 9 GB are free at "/store"',
        hint:
          "Free some space or point VKFORGE_HOME to a larger disk, or build fewer ABIs at a time (--abi arm64-v8a)",
      }),
    );
  });

  it("does not propose fewer ABIs than one", () => {
    expect(() => assertDisk(withRoom(0), "/store", { abis: ["x86"] })).toThrow(
      expect.objectContaining({ hint: "Free some space or point VKFORGE_HOME to a larger disk" }),
    );
  });

  it("is content with what is needed", () => {
    const abis = ["x86"] as const;
    expect(() => assertDisk(withRoom(neededBytes({ abis: [...abis] })), "/store", { abis: [...abis] })).not
      .toThrow();
  });
});
