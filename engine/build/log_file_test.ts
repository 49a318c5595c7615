import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import type { EngineError } from "../error.ts";
import { LogFile } from "./log_file.ts";

const host = denoHost();
const bytesOf = (text: string) => new TextEncoder().encode(text);
let folder: string;

describe("LogFile", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-log-" });
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("keeps all of the output and has its last 30 lines at hand", () => {
    using log = new LogFile(host, join(folder, "log"));
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index} é`);
    // In pieces that cut lines and letters.
    const bytes = bytesOf(`${lines.join("\n")}\n`);
    for (let offset = 0; offset < bytes.length; offset += 7) log.write(bytes.subarray(offset, offset + 7));
    expect(Deno.readTextFileSync(log.path)).toBe(`${lines.join("\n")}\n`);
    expect(log.tail()).toEqual(lines.slice(-30));
    expect(log.sizeBytes).toBe(bytes.length);
  });

  it("does not grow without end, and still knows the last lines", () => {
    using log = new LogFile(host, join(folder, "log"));
    const chunk = bytesOf("x".repeat(1023) + "\n");
    for (let index = 0; index < 70 * 1024; index++) log.write(chunk);
    log.write(bytesOf("the last line\n"));
    expect(log.tail().at(-1)).toBe("the last line");
    const { size } = Deno.statSync(log.path);
    expect(size).toBe(log.sizeBytes);
    expect(size - 64 * 2 ** 20).toBeLessThan(100);
    using file = Deno.openSync(log.path);
    file.seekSync(-60, Deno.SeekMode.End);
    const end = new Uint8Array(60);
    file.readSync(end);
    expect(new TextDecoder().decode(end)).toContain("is not kept: more than 67108864 bytes]\n");
  });

  it("tells of a full disk when it is opened", () => {
    const full = {
      ...host,
      fs: {
        ...host.fs,
        openWrite: () => {
          throw new Error("No space left on device (os error 28)");
        },
      },
    };
    expect(() => new LogFile(full, join(folder, "log"))).toThrow(/Cannot write the log .*: no space left/);
  });

  it("tells of a full disk", () => {
    const full = {
      ...host,
      fs: {
        ...host.fs,
        openWrite: () => ({
          write: () => {
            throw new Error("No space left on device (os error 28)");
          },
          sync: () => {},
          [Symbol.dispose]: () => {},
        }),
      },
    };
    using log = new LogFile(full, join(folder, "log"));
    try {
      log.write(bytesOf("x"));
      throw new Error("it was written");
    } catch (error) {
      expect((error as EngineError).code).toBe("disk-full");
    }
  });
});
