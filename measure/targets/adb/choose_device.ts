/**
 * Which of the devices that adb knows is meant.
 *
 * @module
 */
import { DeviceError } from "../device_error.ts";
import type { AdbDevice } from "./adb.ts";

/**
 * The serial number of the device to use: the one asked for, else the only one.
 *
 * @throws {DeviceError} "no-device", "ambiguous", and those of {@linkcode assertReady}
 */
export function chooseDevice(devices: readonly AdbDevice[], serial: string | undefined): string {
  const detail = devices.map(({ serial, state, model }) =>
    `  ${serial}  ${state}${model === undefined ? "" : `  ${model}`}`
  );
  if (serial !== undefined) {
    const found = devices.find((device) => device.serial === serial);
    if (found === undefined) {
      throw new DeviceError("no-device", `Cannot find the device "${serial}"`, {
        hint: devices.length === 0
          ? "adb sees no device; check the cable and USB debugging, or run `adb connect` for one on the network"
          : "Give one of these with --target adb:SERIAL",
        detail,
      });
    }
    assertReady(found);
    return found.serial;
  }
  const [first, second] = devices;
  if (first === undefined) {
    throw new DeviceError("no-device", "Cannot find a device: adb sees none", {
      hint:
        "Connect one with USB debugging on, or use --target gpu, --target ssh:HOST or --target bundle; no device is needed for test-swiftshader",
    });
  }
  if (second !== undefined) {
    throw new DeviceError("ambiguous", `Cannot choose between ${devices.length} devices`, {
      hint: `Give one: --target adb:${first.serial}`,
      detail,
    });
  }
  assertReady(first);
  return first.serial;
}

/** @throws {DeviceError} "unauthorized", "offline" where the device does not take commands */
export function assertReady({ serial, state }: AdbDevice): void {
  switch (state) {
    case "device":
      return;
    case "unauthorized":
    case "authorizing":
      throw new DeviceError("unauthorized", `The device "${serial}" does not trust this computer`, {
        hint:
          "Unlock it and confirm the question about USB debugging; revoke old authorisations if it does not ask",
      });
    case "no permissions":
      throw new DeviceError(
        "unauthorized",
        `Cannot open the device "${serial}": no permission for its USB port`,
        {
          hint:
            "Install the udev rules for Android devices (Debian: android-sdk-platform-tools-common), or run as root",
        },
      );
    case "offline":
    case "connecting":
      throw new DeviceError("offline", `The device "${serial}" is offline`, {
        hint: "Plug it in again, or for a device on the network: adb disconnect, adb connect",
      });
    default:
      throw new DeviceError("offline", `The device "${serial}" is not ready: adb calls it "${state}"`, {
        hint: "Start Android on it and wait until it is up",
      });
  }
}
