import { describe, expect, it } from "vitest";
import { denoHost } from "../deno_host.ts";
import { memoryFolder } from "./memory_folder.ts";

const host = denoHost();
const hasMemory = host.fs.lstat("/dev/shm") !== undefined && host.fs.freeBytes("/dev/shm") > 5 * 2 ** 30;

describe("memoryFolder()", () => {
  it.skipIf(!hasMemory)("is gone, with its lock, when it is disposed of", () => {
    let path = "";
    {
      using folder = memoryFolder(host, 0)!;
      path = folder.path;
      host.fs.writeFile(`${path}/file`, "text");
    }
    expect([path, `${path}.lock`].map((name) => host.fs.lstat(name))).toEqual([undefined, undefined]);
  });

  it.skipIf(!hasMemory)("removes what a killed process left, and nothing that is in use", () => {
    const left = `/dev/shm/vkforge-verify-test-${crypto.randomUUID()}`;
    host.fs.mkdir(left);
    host.fs.writeFile(`${left}.lock`, "");
    using used = memoryFolder(host, 0)!;
    using _other = memoryFolder(host, 0);
    expect(host.fs.lstat(left)).toBe(undefined);
    expect(host.fs.lstat(used.path)?.kind).toBe("directory");
  });

  it("is not had where there is no room", () => {
    expect(memoryFolder(host, Number.MAX_SAFE_INTEGER)).toBe(undefined);
  });
});
