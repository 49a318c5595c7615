import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { denoHost } from "../../engine/deno_host.ts";
import type { RunRequest } from "../runner_arguments.ts";
import { MachineTarget } from "./machine_target.ts";

const host = denoHost();
let folder: string;

describe("MachineTarget", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-machine-" });
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  /** A target whose runner is a script. */
  const targetOf = (runner: string, signal = new AbortController().signal) => {
    const path = join(folder, "vkforge-runner");
    host.fs.writeFile(path, `#!/bin/sh\necho "$1" >> ${folder}/calls\n${runner}\n`, { mode: 0o755 });
    return new MachineTarget({
      host,
      start: ({ program, args }) => ({ program, args, env: { PATH: "/usr/bin:/bin" } }),
      imageRoot: "/nowhere",
      runnerFolder: folder,
      pluginFolder: folder,
      workFolder: folder,
      environment: { VK_DRIVER_FILES: "/etc/vulkan/icd.d/x.json" },
      timeoutMs: 60_000,
      signal,
    });
  };
  const request = (): RunRequest => ({
    backend: "cpu",
    modelFolder: folder,
    modelFile: "m.pt",
    inputFolder: folder,
    inputs: [],
    outFolder: join(folder, "out"),
    warmup: 0,
    iterations: 1,
  });
  const calls = () => host.fs.readTextFile(join(folder, "calls")).trim().split("\n");

  it("refuses a driver without a GPU before any model runs", async () => {
    const target = targetOf(`[ "$1" = --describe ] && echo "no device" >&2 && exit 1`);
    await expect(target.run(request())).rejects.toMatchObject({
      code: "source-unavailable",
      subject: "no-vulkan",
      message: "The Vulkan driver of this machine has no GPU that works",
      hint: expect.stringContaining("--target swiftshader"),
      detail: ["VK_DRIVER_FILES=/etc/vulkan/icd.d/x.json", "no device"],
    });
    expect(calls()).toEqual(["--describe"]);
  });

  it("looks once, and takes what happens to a process for its result", async () => {
    const target = targetOf(`[ "$1" = --describe ] && exit 0\necho broken >&2\nexit 3`);
    for (let run = 0; run < 2; run++) {
      expect((await target.run(request())).runner).toMatchObject({
        ok: false,
        failure: { code: "internal", detail: "broken" },
      });
    }
    expect(calls()).toEqual(["--describe", "--model", "--model"]);
  });

  it("is interrupted by its signal", async () => {
    const stop = new AbortController();
    const target = targetOf(`[ "$1" = --describe ] && exit 0\nexec sleep 1000`, stop.signal);
    const running = target.run(request());
    while (host.fs.lstat(join(folder, "calls")) === undefined || calls().length < 2) {
      await host.clock.sleep(10);
    }
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: "interrupted" });
  });
});
