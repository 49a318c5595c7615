/**
 * Where models run: the target of a Vulkan driver's name.
 *
 * @module
 */
import { join } from "node:path";
import type { Host, Image } from "../engine/mod.ts";
import type { RootImage } from "../engine/sandbox/mod.ts";
import { HostTarget, MachineTarget, type SandboxedDriver, type Target } from "../measure/mod.ts";
import { type DriverName, lavapipeDriver, swiftshaderDriver } from "../recipes/drivers/driver.ts";
import { REPOSITORY, type Session } from "./_session.ts";

/** Bounds of one process of the runner. */
const RUN_LIMITS = { memoryBytes: 6 * 2 ** 30, processes: 512, timeoutMs: 15 * 60_000 };

/** What the software drivers call their devices; what a GPU is called is not known beforehand. */
const DEVICE_NAMES: Readonly<Record<DriverName, string | undefined>> = {
  swiftshader: "SwiftShader",
  lavapipe: "llvmpipe",
  gpu: undefined,
};

/** Variables of the user that choose a driver or a GPU, handed on as they are. */
const DRIVER_VARIABLES = [
  "VK_DRIVER_FILES",
  "VK_ICD_FILENAMES",
  "NVIDIA_VISIBLE_DEVICES",
  "HOME",
  "XDG_RUNTIME_DIR",
];

/** What is needed besides the driver. */
export interface TargetRequest {
  readonly driver: DriverName;
  /** Folder with `vkforge-runner`. */
  readonly runnerFolder: string;
  /** Folder with `libvkforge_vulkan.so`. */
  readonly pluginFolder: string;
  /** Folder with SwiftShader. */
  readonly swiftshaderFolder: string;
  /** A folder to work in. */
  readonly workFolder: string;
}

/** A target, and what tells whether it did the work. */
export interface ChosenTarget {
  readonly target: Target;
  /** How its processes are kept apart from the machine, for the record. */
  readonly sandbox: string;
  /** Part of its device's name. */
  readonly expectDevice?: string;
}

/** Gives the target of a driver; assembles the image that it runs in. */
export async function chooseTarget(session: Session, request: TargetRequest): Promise<ChosenTarget> {
  const { host, engine, project, signal } = session;
  const { driver, runnerFolder, pluginFolder, workFolder } = request;
  const { vulkanSdk } = project.materials;
  const imageOf = (image: Image): Promise<RootImage> => engine.image(image, signal);
  const expectDevice = DEVICE_NAMES[driver];
  const named = expectDevice === undefined ? {} : { expectDevice };
  if (driver === "gpu") {
    const target = new MachineTarget({
      host,
      launcher: join(REPOSITORY, "recipes", "gpu", "run_on_host.sh"),
      imageRoot: (await imageOf(vulkanSdk)).root,
      runnerFolder,
      pluginFolder,
      workFolder,
      environment: driverVariables(host),
      timeoutMs: RUN_LIMITS.timeoutMs,
      signal,
    });
    return { target, sandbox: "none", ...named };
  }
  const software = driver === "lavapipe"
    ? await lavapipeDriver(host, project.repository)
    : swiftshaderDriver(project.materials);
  const seen: SandboxedDriver = {
    mounts: driver === "lavapipe" ? [] : [{ source: request.swiftshaderFolder, target: "/in/driver" }],
    environment: software.environment,
  };
  const sandbox = await engine.sandbox(signal);
  const target = new HostTarget({
    host,
    sandbox,
    image: await imageOf(software.image),
    runnerFolder,
    pluginFolder,
    driver: seen,
    limits: RUN_LIMITS,
    signal,
  });
  return { target, sandbox: sandbox.name, ...named };
}

function driverVariables(host: Host): Record<string, string> {
  return Object.fromEntries(
    DRIVER_VARIABLES.flatMap((name) => {
      const value = host.env.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
