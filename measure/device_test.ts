import { describe, expect, it } from "vitest";
import { deviceOf } from "./device.ts";

describe("deviceOf()", () => {
  it("decodes a packed driver version and keeps the rest as evidence", () => {
    const device = deviceOf({
      schema: 1,
      deviceName: "SwiftShader Device (Subzero)",
      deviceType: "cpu",
      driverName: "SwiftShader driver",
      driverInfo: "",
      driverVersion: 0x01400000,
      vendorId: 0x1ae0,
      deviceId: 0xc0de,
      apiVersion: "1.3.0",
      limits: { maxImageDimension3D: 2048 },
    });
    expect(device).toEqual({
      name: "SwiftShader Device (Subzero)",
      driver: "SwiftShader driver 5.0.0",
      type: "cpu",
      apiVersion: "1.3.0",
      vendorId: "0x1ae0",
      deviceId: "0xc0de",
      software: true,
      evidence: {
        driverName: "SwiftShader driver",
        driverVersion: 0x01400000,
        limits: { maxImageDimension3D: 2048 },
      },
    });
  });

  it("prefers the driver's own text for its version", () => {
    const device = deviceOf({
      deviceName: "NVIDIA H200",
      deviceType: "discrete-gpu",
      driverName: "NVIDIA",
      driverInfo: "570.86.15",
      driverVersion: 1,
    });
    expect(device).toMatchObject({ driver: "NVIDIA 570.86.15", software: false });
  });

  it("decodes NVIDIA's packing", () => {
    const driverVersion = ((570 << 22) | (86 << 14) | (15 << 6)) >>> 0;
    const device = deviceOf({ deviceName: "GPU", driverName: "NVIDIA", driverVersion, vendorId: 0x10de });
    expect(device.driver).toBe("NVIDIA 570.86.15.0");
  });

  it("knows software drivers by name or type", () => {
    const software = (deviceName: string, deviceType?: string | number) =>
      deviceOf({ deviceName, ...(deviceType === undefined ? {} : { deviceType }) }).software;
    expect(software("llvmpipe (LLVM 15.0.6, 256 bits)")).toBe(true);
    expect(software("Some CPU driver", 4)).toBe(true);
    expect(software("Other", "VK_PHYSICAL_DEVICE_TYPE_CPU")).toBe(true);
    expect(software("Adreno (TM) 740", "integrated-gpu")).toBe(false);
  });
});
