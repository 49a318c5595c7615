import { describe, expect, it } from "vitest";
import { denoHost } from "../../engine/deno_host.ts";
import { fakeHost } from "./_fake_host.ts";
import { checks } from "./checks.ts";

describe("checks()", () => {
  it("gives a hint with all that is wrong", async () => {
    const bad = fakeHost({
      machine: { architecture: "other", memoryBytes: 1 },
      freeBytes: 1,
      nowMs: 0,
      writeError: new Error("x"),
      files: { "/proc/sys/user/max_user_namespaces": "0" },
      programs: { unshare: { code: 1 } },
    });
    const found = await checks(bad, { denoVersion: "1.0.0" });
    expect(found.map((check) => check.status)).toEqual([
      "fail",
      "fail",
      "warn",
      "warn",
      "fail",
      "fail",
      "fail",
      "info",
      "info",
    ]);
    for (const check of found) expect(check.hint).toBeTruthy();
  });

  it("looks where the store will lie", async () => {
    const folderOf = async (env: Record<string, string>) => {
      const found = await checks(fakeHost({ env }), { denoVersion: "2.9.6" });
      return found.find((check) => check.name === "Cache folder")?.message;
    };
    expect(await folderOf({})).toBe("/home/me/.cache/vkforge");
    expect(await folderOf({ XDG_CACHE_HOME: "/x" })).toBe("/x/vkforge");
    expect(await folderOf({ XDG_CACHE_HOME: "relative" })).toBe("/home/me/.cache/vkforge");
    expect(await folderOf({ VKFORGE_HOME: "/v", XDG_CACHE_HOME: "/x" })).toBe("/v");
  });

  it("examines the machine that runs this test", async () => {
    const folder = Deno.makeTempDirSync();
    try {
      const found = await checks(denoHost(), { cacheFolder: folder });
      expect(found).toHaveLength(9);
      for (const name of ["Deno", "Cache folder", "Clock"]) {
        expect(found.find((check) => check.name === name)?.status).toBe("ok");
      }
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
});
