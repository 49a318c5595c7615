import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "./deno_host.ts";
import type { SpawnOptions } from "./host.ts";

const { fs, clock, spawn } = denoHost();
let folder: string;

/** Runs a shell command to its end. */
async function sh(script: string, options: Partial<SpawnOptions> = {}) {
  let stdout = "";
  const decoder = new TextDecoder();
  const child = spawn("/bin/sh", {
    args: ["-c", script],
    cwd: "/",
    env: {},
    onStdout: (chunk) => stdout += decoder.decode(chunk, { stream: true }),
    ...options,
  });
  return { ...await child.exit, stdout };
}

describe("denoHost()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-host-" });
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  describe("fs", () => {
    it("lstat() tells kinds, and nothing of what is not there", () => {
      const path = (name: string) => join(folder, name);
      Deno.writeTextFileSync(path("file"), "text");
      Deno.symlinkSync("nowhere", path("link"));
      new Deno.Command("mkfifo", { args: [path("pipe")] }).outputSync();
      expect(["file", "link", "pipe", "", "missing", "file/below"].map((name) => fs.lstat(path(name))?.kind))
        .toEqual(
          ["file", "symlink", "other", "directory", undefined, undefined],
        );
      expect(fs.lstat(path("file"))?.sizeBytes).toBe(4);
    });

    it("readChunks() gives all bytes in chunks of at most a mebibyte", () => {
      const path = join(folder, "file");
      const bytes = crypto.getRandomValues(new Uint8Array(65536));
      using file = Deno.openSync(path, { write: true, create: true });
      for (let index = 0; index < 40; index++) file.writeSync(bytes);
      let sum = 0;
      let largest = 0;
      fs.readChunks(path, (chunk) => {
        sum += chunk.length;
        largest = Math.max(largest, chunk.length);
      });
      expect([sum, largest]).toEqual([40 * 65536, 1 << 20]);
      Deno.writeTextFileSync(join(folder, "empty"), "");
      fs.readChunks(join(folder, "empty"), () => {
        throw new Error("a chunk of nothing");
      });
    });

    it("openWrite() makes new files only, or appends", () => {
      const path = join(folder, "file");
      {
        using file = fs.openWrite(path, { mode: 0o600 });
        file.write(new TextEncoder().encode("one"));
        file.sync();
      }
      expect(() => fs.openWrite(path)).toThrow(Deno.errors.AlreadyExists);
      {
        using file = fs.openWrite(path, { append: true });
        file.write(new TextEncoder().encode(" two"));
      }
      expect(Deno.readTextFileSync(path)).toBe("one two");
      expect(Deno.statSync(path).mode! & 0o777).toBe(0o600);
    });

    it("remove() takes whole folders, does not follow links, and does not mind what is missing", () => {
      Deno.mkdirSync(join(folder, "kept"));
      Deno.writeTextFileSync(join(folder, "kept", "file"), "");
      Deno.mkdirSync(join(folder, "gone"));
      Deno.symlinkSync(join(folder, "kept"), join(folder, "gone", "link"));
      fs.remove(join(folder, "gone"));
      fs.remove(join(folder, "gone"));
      expect(fs.lstat(join(folder, "gone"))).toBe(undefined);
      expect(fs.lstat(join(folder, "kept", "file"))?.kind).toBe("file");
    });

    it("freeBytes() of a path that is missing is that of the nearest folder above", () => {
      const free = fs.freeBytes(folder);
      expect(free).toBeGreaterThan(0);
      // Others write to the same disk meanwhile.
      expect(Math.abs(fs.freeBytes(join(folder, "a", "b", "c")) - free)).toBeLessThan(2 ** 32);
    });

    it("tryLock() keeps others of this process out until it is let go; shared locks go together", () => {
      const path = join(folder, "lock");
      {
        using lock = fs.tryLock(path);
        expect(lock?.path).toBe(path);
        expect(fs.tryLock(path)).toBe(undefined);
        expect(fs.tryLock(path, { shared: true })).toBe(undefined);
      }
      using _one = fs.tryLock(path, { shared: true });
      using _two = fs.tryLock(path, { shared: true });
      expect(_two).not.toBe(undefined);
      expect(fs.tryLock(path)).toBe(undefined);
    });

    it("tryLock() never gives a lock on a file that was removed by its last holder", () => {
      const path = join(folder, "lock");
      const real = Deno.FsFile.prototype.tryLockSync;
      let isFirst = true;
      // Between opening and locking, another process removes the file.
      Deno.FsFile.prototype.tryLockSync = function (exclusive) {
        if (isFirst) Deno.removeSync(path);
        isFirst = false;
        return real.call(this, exclusive);
      };
      try {
        using lock = fs.tryLock(path);
        expect(lock).not.toBe(undefined);
        expect(fs.lstat(path)?.kind).toBe("file");
        expect(fs.tryLock(path)).toBe(undefined);
      } finally {
        Deno.FsFile.prototype.tryLockSync = real;
      }
    });

    it("tryLock() keeps other processes out, until the holder is killed", async () => {
      const path = join(folder, "lock");
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          "eval",
          `Deno.openSync(${
            JSON.stringify(path)
          }, { write: true, create: true }).lockSync(true); console.log("locked"); setTimeout(() => {}, 60_000);`,
        ],
        stdout: "piped",
      }).spawn();
      const reader = child.stdout.getReader();
      await reader.read();
      expect(fs.tryLock(path)).toBe(undefined);
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
      using lock = fs.tryLock(path);
      expect(lock).not.toBe(undefined);
    });
  });

  describe("spawn()", () => {
    it("passes on the named variables and nothing else", async () => {
      const { stdout } = await sh("/usr/bin/env", { env: { NAME: "value with spaces" } });
      const lines = stdout.trim().split("\n").filter((line) => !/^(PWD|SHLVL|_|OLDPWD)=/.test(line));
      expect(lines).toEqual(["NAME=value with spaces"]);
    });

    it("tells exit codes and signals", async () => {
      expect(await sh("exit 7")).toMatchObject({ code: 7, signal: null });
      expect(await sh("kill -TERM $$")).toMatchObject({ code: 143, signal: "SIGTERM" });
    });

    it("gives stdout and stderr apart, all of it, and an empty stdin", async () => {
      let stderr = 0;
      const { stdout } = await sh("cat; head -c 1000000 /dev/zero >&2; echo out", {
        onStderr: (chunk) => stderr += chunk.length,
      });
      expect([stdout, stderr]).toEqual(["out\n", 1_000_000]);
    });

    it("runs in the folder it is told", async () => {
      expect((await sh("pwd", { cwd: folder })).stdout).toBe(`${folder}\n`);
    });

    it("ends the child and its helpers when aborted, also where it was aborted before", async () => {
      const stop = new AbortController();
      const running = sh("echo $$; sleep 71 | sleep 71", {
        signal: stop.signal,
        onStdout: () => stop.abort(),
      });
      expect(await running).toMatchObject({ signal: "SIGKILL" });
      expect(await sh("sleep 71", { signal: AbortSignal.abort() })).toMatchObject({ signal: "SIGKILL" });
      expect(runs("sleep\x0071")).toBe(false);
    });

    it("ends the child when nobody can take its output, and tells why", async () => {
      const failing = sh("while true; do echo text; done", {
        onStdout: () => {
          throw new Error("the disk is full");
        },
      });
      await expect(failing).rejects.toThrow("the disk is full");
      expect(runs("while true; do echo text")).toBe(false);
    });

    it("keeps it out of reach of the terminal's Ctrl-C: it has a group of its own", async () => {
      const child = spawn("/bin/sleep", { args: ["72"], cwd: "/", env: {} });
      const stat = Deno.readTextFileSync(`/proc/${child.pid}/stat`);
      expect(Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2])).toBe(child.pid);
      child.kill("SIGTERM");
      expect((await child.exit).signal).toBe("SIGTERM");
      child.kill("SIGKILL");
    });

    it("throws where the program is missing", () => {
      expect(() => spawn("/no/such/program", { args: [], cwd: "/", env: {} })).toThrow(Deno.errors.NotFound);
    });
  });

  describe("clock", () => {
    it("sleep() ends early when called off", async () => {
      const stop = new AbortController();
      const sleeping = clock.sleep(60_000, stop.signal);
      stop.abort(new Error("called off"));
      await expect(sleeping).rejects.toThrow("called off");
      await expect(clock.sleep(60_000, stop.signal)).rejects.toThrow("called off");
      await clock.sleep(1, new AbortController().signal);
    });
  });
});

/** Whether a process with such a command line runs. */
function runs(commandLine: string): boolean {
  for (const { name } of Deno.readDirSync("/proc")) {
    try {
      if (/^\d+$/.test(name) && Deno.readTextFileSync(`/proc/${name}/cmdline`).includes(commandLine)) {
        return true;
      }
    } catch {
      // It ended.
    }
  }
  return false;
}
