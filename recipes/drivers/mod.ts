/**
 * The Vulkan drivers that checks run on: two in software, pinned, and the machine's own.
 *
 * ```ts
 * const driver = await openDriver(host, "lavapipe", project);
 * ```
 *
 * A driver of kind "software" gives an image, inputs and variables for a step; {@linkcode driverMounts} says what a
 * process in a sandbox has to see. With one of kind "machine", {@linkcode machineCommand} says how to start a program
 * of the image on the machine itself.
 *
 * @module
 */
export {
  type Driver,
  type DriverMount,
  driverMounts,
  type DriverName,
  type DriverPlace,
  DRIVERS,
  lavapipeDriver,
  openDriver,
  type SoftwareDriver,
  swiftshaderDriver,
} from "./driver.ts";
export {
  findMachineDriver,
  type MachineCommand,
  machineCommand,
  type MachineDriver,
  type MachineProgram,
} from "./machine.ts";
