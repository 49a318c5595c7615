import type { DeviceEvidence } from "./runner_result.ts";
import type { Device } from "./schema.ts";

/** The sentence that goes with every timing taken on a software Vulkan driver. */
export const SOFTWARE_VULKAN_NOTE = "software Vulkan: not GPU performance";

/** Brings what the backend said about its adapter into the form of a result. */
export function deviceOf(evidence: DeviceEvidence): Device {
  const {
    deviceName,
    deviceType,
    driverName,
    driverInfo,
    driverVersion,
    apiVersion,
    vendorId,
    deviceId,
    schema: _,
    ...rest
  } = evidence;
  return {
    name: deviceName,
    driver: driverOf(evidence),
    ...optional("type", deviceType),
    ...optional("apiVersion", apiVersion),
    ...optional("vendorId", typeof vendorId === "number" ? hex(vendorId) : vendorId),
    ...optional("deviceId", typeof deviceId === "number" ? hex(deviceId) : deviceId),
    software: isSoftware(deviceName, driverName, deviceType),
    evidence: { ...defined({ driverName, driverInfo, driverVersion }), ...rest },
  };
}

/** Whether two runs used the same device and driver. */
export function sameDevice(a: Device, b: Device): boolean {
  return a.name === b.name && a.driver === b.driver && a.apiVersion === b.apiVersion;
}

/** Name and version of a driver; most drivers give the version as text in `driverInfo`, some only as a number. */
function driverOf({ driverName, driverInfo, driverVersion, vendorId }: DeviceEvidence): string {
  const version = driverInfo || (driverVersion === undefined ? "" : versionText(driverVersion, vendorId));
  return [driverName, version].filter(Boolean).join(" ") || "unknown driver";
}

/** Drivers pack versions as Vulkan packs its own (10, 10 and 12 bits), NVIDIA's as 10, 8, 8 and 6. */
function versionText(version: string | number, vendorId: string | number | undefined): string {
  if (typeof version === "string") return version;
  const field = (shift: number, bits: number) => (version >>> shift) & ((1 << bits) - 1);
  const fields = Number(vendorId) === 0x10de
    ? [field(22, 10), field(14, 8), field(6, 8), field(0, 6)]
    : [field(22, 10), field(12, 10), field(0, 12)];
  return fields.join(".");
}

/** VK_PHYSICAL_DEVICE_TYPE_CPU is 4; the names cover drivers that report another type. */
function isSoftware(
  deviceName: string,
  driverName: string | undefined,
  deviceType: string | number | undefined,
): boolean {
  if (deviceType === 4 || /cpu$/i.test(String(deviceType ?? ""))) return true;
  return /swiftshader|llvmpipe|lavapipe/i.test(`${deviceName} ${driverName ?? ""}`);
}

function optional<K extends string>(
  key: K,
  value: string | number | undefined,
): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: String(value) }) as { [P in K]?: string };
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ""),
  );
}

function hex(id: number): string {
  return `0x${id.toString(16).padStart(4, "0")}`;
}
