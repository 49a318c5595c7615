import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { denoHost } from "../../engine/deno_host.ts";
import { hostRuntime } from "../host_runtime/host_runtime.ts";
import { loadProject } from "../project.ts";
import { portableRuntime } from "./portable.ts";

const host = denoHost();
const project = await loadProject(host, join(import.meta.dirname!, "..", ".."));
const runtime = hostRuntime(project.materials, "vkforge");
const choose = (...platforms: Parameters<typeof portableRuntime>[2]["platforms"][number][]) =>
  portableRuntime(host, project, { platforms, runtime });

describe("portableRuntime()", () => {
  it("gives the host's runtime with its libraries for Linux on x86-64", async () => {
    const found = await choose({ abi: "x86_64", libc: "glibc" });
    expect(found?.step).toMatchObject({ name: "bundle/linux-x86_64", outputs: ["bin", "lib", "libc"] });
  });

  it("gives the step of the first ABI of an Android device", async () => {
    const found = await choose({ abi: "arm64-v8a", libc: "bionic" }, { abi: "armeabi-v7a", libc: "bionic" });
    expect(found).toMatchObject({
      platform: { abi: "arm64-v8a", libc: "bionic" },
      step: { name: "torch-android/arm64-v8a" },
    });
  });

  it("passes over what there is no runner for", async () => {
    expect(await choose({ abi: "riscv64", libc: "glibc" })).toBeUndefined();
    const second = await choose({ abi: "mips", libc: "bionic" }, { abi: "x86", libc: "bionic" });
    expect(second?.step.name).toBe("torch-android/x86");
  });
});
