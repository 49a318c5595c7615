import { describe, expect, it } from "vitest";
import { denoHost } from "../../engine/deno_host.ts";
import { fakeHost } from "./_fake_host.ts";
import {
  checkCacheFolder,
  checkClock,
  checkDeno,
  checkDisk,
  checkMemory,
  checkPlatform,
} from "./checks_machine.ts";

describe("checkDeno()", () => {
  it("takes 2.9 and later", () => {
    expect(["2.9.0", "2.10.1", "3.0.0", "2.9.6+canary"].map((version) => checkDeno(version).status)).toEqual([
      "ok",
      "ok",
      "ok",
      "ok",
    ]);
  });

  it("refuses older ones and says how to get a newer one", () => {
    expect(["2.8.9", "1.99.0", ""].map((version) => checkDeno(version).status)).toEqual([
      "fail",
      "fail",
      "fail",
    ]);
    expect(checkDeno("2.8.9").hint).toContain("npx -y deno");
  });
});

describe("checkPlatform()", () => {
  it("takes Linux on x86_64 only", () => {
    expect(checkPlatform(fakeHost()).status).toBe("ok");
    expect(checkPlatform(fakeHost({ machine: { architecture: "aarch64" } })).status).toBe("fail");
    expect(checkPlatform(fakeHost({ machine: { operatingSystem: "darwin" } })).status).toBe("fail");
  });
});

describe("checkMemory()", () => {
  it("takes a machine sold with 4 GiB", () => {
    expect(checkMemory(fakeHost({ machine: { memoryBytes: 3.7 * 2 ** 30 } })).status).toBe("ok");
  });

  it("warns below", () => {
    const check = checkMemory(fakeHost({ machine: { memoryBytes: 2 * 2 ** 30 } }));
    expect(check).toMatchObject({ status: "warn", message: "2.0 GiB: less than 4 GiB" });
  });

  it("counts the limit of a container", () => {
    const files = { "/sys/fs/cgroup/memory.max": "1073741824\n" };
    expect(checkMemory(fakeHost({ files }))).toMatchObject({
      status: "warn",
      message: "1.0 GiB, the limit of this container: less than 4 GiB",
    });
  });

  it("takes no limit for no limit", () => {
    expect(checkMemory(fakeHost({ files: { "/sys/fs/cgroup/memory.max": "max\n" } })).message).toBe(
      "8.0 GiB",
    );
    const files = { "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712" };
    expect(checkMemory(fakeHost({ files })).message).toBe("8.0 GiB");
  });
});

describe("checkDisk()", () => {
  it("looks at the nearest folder that exists", () => {
    const journal: string[] = [];
    const host = fakeHost({ folders: ["/home", "/home/me"], freeBytes: 7e9, journal });
    expect(checkDisk(host, "/home/me/.cache/vkforge")).toMatchObject({
      status: "ok",
      message: "7.0 GB free for /home/me/.cache/vkforge",
    });
    expect(journal).toEqual(["free /home/me"]);
  });

  it("warns below 6 GB", () => {
    expect(checkDisk(fakeHost({ freeBytes: 5.9e9 }), "/cache").status).toBe("warn");
  });
});

describe("checkCacheFolder()", () => {
  it("leaves nothing behind", () => {
    const journal: string[] = [];
    checkCacheFolder(fakeHost({ folders: ["/cache"], journal }), "/cache/vkforge");
    expect(journal).toEqual(["write /cache/.vkforge-doctor-42", "remove /cache/.vkforge-doctor-42"]);
  });

  it("works on the real file system", () => {
    const folder = Deno.makeTempDirSync();
    try {
      expect(checkCacheFolder(denoHost(), `${folder}/a/b`)).toMatchObject({ status: "ok" });
      expect([...Deno.readDirSync(folder)]).toEqual([]);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });

  it("says why it cannot be written", () => {
    const writeError = new Error("Read-only file system (os error 30)");
    expect(checkCacheFolder(fakeHost({ writeError, folders: ["/cache"] }), "/cache")).toMatchObject({
      status: "fail",
      message: "Cannot write to /cache: Read-only file system (os error 30)",
    });
  });
});

describe("checkClock()", () => {
  it("takes a clock that was set", () => {
    expect(checkClock(fakeHost({ nowMs: Date.UTC(2026, 10, 21) })).message).toBe("2026-11-21T00:00:00.000Z");
  });

  it("refuses one that was not, whatever it shows", () => {
    const statuses = [0, Date.UTC(2150, 0, 1), NaN, 1e300].map((nowMs) =>
      checkClock(fakeHost({ nowMs })).status
    );
    expect(statuses).toEqual(["fail", "fail", "fail", "fail"]);
  });
});
