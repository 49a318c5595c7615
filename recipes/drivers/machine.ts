/**
 * The machine's own Vulkan driver, for GPUs, and how a program of the image is started with it.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError, type Host } from "../../engine/mod.ts";

/** The driver that belongs to the machine; what runs on it runs outside the sandbox. */
export interface MachineDriver {
  readonly kind: "machine";
  readonly name: "gpu";
  /** Manifests that the loader is shown, and no other. */
  readonly manifests: readonly string[];
}

/** A program to start on the machine, for `Host.spawn`. */
export interface MachineCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What {@linkcode machineCommand} starts. */
export interface MachineProgram {
  /** Folder of the unpacked image. */
  readonly root: string;
  /** A path below the image's root, or an absolute one of a program that was built for the image. */
  readonly program: string;
  readonly args: readonly string[];
  /** An empty folder of its own, for links. */
  readonly work: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where loaders look, in the order of the loader's documentation, and where containers get NVIDIA's. */
const MANIFEST_FOLDERS = [
  "/usr/local/etc/vulkan/icd.d",
  "/etc/vulkan/icd.d",
  "/usr/local/share/vulkan/icd.d",
  "/usr/share/vulkan/icd.d",
  "/usr/local/nvidia/share/vulkan/icd.d",
];

/** Drivers that need no GPU; a check "on the GPU" must not run on them unseen. */
const SOFTWARE_MANIFEST = /^(lvp|vk_swiftshader|dzn|gfxstream|virtio)/;

/** Manifests of drivers for 32-bit programs stand beside the others. */
const OTHER_ARCHITECTURE = /[._](i[3-6]86|x86|aarch64)\.json$/;

/** Variables that choose a GPU or say where parts of its driver lie, handed on as they are. */
const HANDED_ON = [
  "NVIDIA_VISIBLE_DEVICES",
  // NVIDIA's Vulkan driver finds itself through EGL where there is no display.
  "__EGL_VENDOR_LIBRARY_FILENAMES",
  "__EGL_VENDOR_LIBRARY_DIRS",
  "HOME",
  "XDG_RUNTIME_DIR",
];

const RUN_ON_HOST = join(import.meta.dirname ?? ".", "..", "gpu", "run_on_host.sh");

/**
 * Finds the machine's drivers for GPUs: those that `VK_DRIVER_FILES` or `VK_ICD_FILENAMES` name, else those in the
 * loader's folders that are not software.
 *
 * @throws {EngineError} "source-unavailable"
 */
export function findMachineDriver(host: Host): MachineDriver {
  const named = host.env.get("VK_DRIVER_FILES") || host.env.get("VK_ICD_FILENAMES");
  if (named !== undefined && named !== "") {
    const manifests = named.split(":").filter((path) => path !== "");
    const missing = manifests.find((path) => host.fs.lstat(path) === undefined);
    if (missing === undefined) return { kind: "machine", name: "gpu", manifests };
    throw new EngineError("source-unavailable", `Cannot find the Vulkan driver's manifest "${missing}"`, {
      hint: "VK_DRIVER_FILES names it; set it to a file that is there, or unset it",
    });
  }
  const manifests = MANIFEST_FOLDERS.flatMap((folder) => manifestsIn(host, folder));
  if (manifests.length === 0) {
    throw new EngineError("source-unavailable", "Cannot find a Vulkan driver for a GPU on this machine", {
      hint: "Install the GPU's driver, or set VK_DRIVER_FILES to its manifest (…_icd.json); " +
        "--driver swiftshader and --driver lavapipe need no GPU",
      detail: ["Looked in:", ...MANIFEST_FOLDERS.map((folder) => `  ${folder}`)],
    });
  }
  return { kind: "machine", name: "gpu", manifests };
}

/** How a program of the image is started on the machine with this driver. */
export function machineCommand(host: Host, driver: MachineDriver, run: MachineProgram): MachineCommand {
  const manifests = driver.manifests.join(":");
  return {
    program: "/bin/bash",
    args: [RUN_ON_HOST, run.root, run.program, ...run.args],
    env: {
      PATH: "/usr/bin:/bin",
      LC_ALL: "C.UTF-8",
      VKFORGE_WORK: run.work,
      VK_DRIVER_FILES: manifests,
      VK_ICD_FILENAMES: manifests,
      ...Object.fromEntries(HANDED_ON.flatMap((name) => {
        const value = host.env.get(name);
        return value === undefined ? [] : [[name, value]];
      })),
      ...run.environment,
    },
  };
}

function manifestsIn(host: Host, folder: string): string[] {
  if (host.fs.lstat(folder)?.kind !== "directory") return [];
  return host.fs.readDir(folder).map(({ name }) => name)
    .filter((name) => name.endsWith(".json"))
    .filter((name) => !SOFTWARE_MANIFEST.test(name) && !OTHER_ARCHITECTURE.test(name))
    .sort()
    .map((name) => join(folder, name));
}
