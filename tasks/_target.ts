/**
 * Where models run: the target of a Vulkan driver's name.
 *
 * @module
 */
import { join } from "node:path";
import { HostTarget, MachineTarget, RUNNER_ENVIRONMENT, type Target } from "../measure/mod.ts";
import { driverMounts, type DriverName, machineCommand, openDriver } from "../recipes/drivers/mod.ts";
import type { Session } from "./_session.ts";

/** Bounds of one process of the runner. */
const RUN_LIMITS = { memoryBytes: 6 * 2 ** 30, processes: 512, timeoutMs: 15 * 60_000 };

/** What is needed besides the driver. */
export interface TargetRequest {
  readonly driver: DriverName;
  /** Folder with `vkforge-runner`. */
  readonly runnerFolder: string;
  /** Folder with `libvkforge_vulkan.so`. */
  readonly pluginFolder: string;
  /** Folder of a built step's output, by the step's name. */
  readonly folderOf: (step: string) => string;
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

/**
 * Gives the target of a driver; assembles the image that it runs in.
 *
 * @throws {EngineError} "source-unavailable" for "gpu" where the machine has no driver of a GPU
 */
export async function chooseTarget(session: Session, request: TargetRequest): Promise<ChosenTarget> {
  const { host, engine, project, signal } = session;
  const { runnerFolder, pluginFolder, workFolder, folderOf } = request;
  const driver = await openDriver(host, request.driver, project);
  if (driver.kind === "machine") {
    const target = new MachineTarget({
      host,
      start: (program) => machineCommand(host, driver, program),
      imageRoot: (await engine.image(project.materials.vulkanSdk, signal)).root,
      runnerFolder,
      pluginFolder,
      workFolder,
      environment: { VK_DRIVER_FILES: driver.manifests.join(":") },
      timeoutMs: RUN_LIMITS.timeoutMs,
      signal,
    });
    return { target, sandbox: "none" };
  }
  const sandbox = await engine.sandbox(signal);
  const target = new HostTarget({
    host,
    sandbox,
    image: await engine.image(driver.image, signal),
    runnerFolder,
    pluginFolder,
    driver: {
      mounts: driverMounts(driver).map(({ name, step, path }) => ({
        source: join(folderOf(step.name), path),
        target: `/in/${name}`,
      })),
      environment: { ...RUNNER_ENVIRONMENT, ...driver.environment },
    },
    limits: RUN_LIMITS,
    signal,
  });
  return { target, sandbox: sandbox.name, expectDevice: driver.device };
}
