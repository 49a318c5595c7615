import { describe, expect, it } from "vitest";
import { denoHost } from "../../engine/deno_host.ts";
import { EngineError, type Host } from "../../engine/mod.ts";
import { findMachineDriver, machineCommand } from "./machine.ts";

const NVIDIA = "/etc/vulkan/icd.d/nvidia_icd.json";
const INTEL = "/usr/share/vulkan/icd.d/intel_icd.x86_64.json";

/** A machine with these files and variables. */
function machine(files: readonly string[], env: Readonly<Record<string, string>> = {}): Host {
  const folders = new Set(files.map((path) => path.slice(0, path.lastIndexOf("/"))));
  const kindOf = (path: string) =>
    files.includes(path) ? "file" : folders.has(path) ? "directory" : undefined;
  const real = denoHost();
  return {
    ...real,
    env: { get: (name) => env[name] },
    fs: {
      ...real.fs,
      lstat: (path) =>
        kindOf(path) === undefined ? undefined : { ...real.fs.lstat("/")!, kind: kindOf(path)! },
      readDir: (folder) =>
        files.filter((path) => path.startsWith(`${folder}/`))
          .map((path) => ({ name: path.slice(folder.length + 1), kind: "file" as const })),
    },
  };
}

function caught(run: () => unknown): EngineError {
  try {
    run();
  } catch (error) {
    if (error instanceof EngineError) return error;
  }
  throw new Error("nothing was thrown");
}

describe("findMachineDriver()", () => {
  it("takes the drivers of GPUs in the loader's folders, and none in software or for other architectures", () => {
    const software = "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json";
    const narrow = "/usr/share/vulkan/icd.d/intel_icd.i686.json";
    expect(findMachineDriver(machine([software, NVIDIA, narrow, INTEL])).manifests).toEqual([NVIDIA, INTEL]);
  });

  it("takes what VK_DRIVER_FILES names, and nothing else", () => {
    const driver = findMachineDriver(machine([NVIDIA, "/opt/a.json"], { VK_DRIVER_FILES: "/opt/a.json" }));
    expect(driver.manifests).toEqual(["/opt/a.json"]);
  });

  it("says where it looked where there is none", () => {
    const error = caught(() => findMachineDriver(machine(["/usr/share/vulkan/icd.d/lvp_icd.x86_64.json"])));
    expect(error.code).toBe("source-unavailable");
    expect(error.message).toBe("Cannot find a Vulkan driver for a GPU on this machine");
    expect(error.detail).toContain("  /usr/share/vulkan/icd.d");
  });

  it("names a manifest that VK_ICD_FILENAMES names and that is not there", () => {
    const error = caught(() => findMachineDriver(machine([], { VK_ICD_FILENAMES: "/opt/b.json" })));
    expect(error.message).toContain('"/opt/b.json"');
  });
});

describe("machineCommand()", () => {
  it("shows the loader the found manifests, and hands on what chooses a GPU", () => {
    const host = machine([NVIDIA], { NVIDIA_VISIBLE_DEVICES: "0", SECRET: "x" });
    const command = machineCommand(host, findMachineDriver(host), {
      root: "/image",
      program: "usr/bin/python3.11",
      args: ["-m", "ops.run"],
      work: "/work",
      environment: { PYTHONPATH: "/models" },
    });
    expect(command.args.slice(1)).toEqual(["/image", "usr/bin/python3.11", "-m", "ops.run"]);
    expect(command.env).toMatchObject({
      VK_DRIVER_FILES: NVIDIA,
      VK_ICD_FILENAMES: NVIDIA,
      NVIDIA_VISIBLE_DEVICES: "0",
      PYTHONPATH: "/models",
      VKFORGE_WORK: "/work",
    });
    expect(command.env).not.toHaveProperty("SECRET");
  });
});
