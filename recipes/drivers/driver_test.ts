import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { denoHost } from "../../engine/deno_host.ts";
import { loadProject } from "../project.ts";
import { driverMounts, openDriver } from "./driver.ts";

const host = denoHost();
const project = await loadProject(host, join(import.meta.dirname!, "..", ".."));

describe("openDriver()", () => {
  it("gives SwiftShader in the usual image, with its folder mounted", async () => {
    const driver = await openDriver(host, "swiftshader", project);
    if (driver.kind !== "software") throw new Error("SwiftShader runs in the sandbox");
    expect(driver.image).toBe(project.materials.vulkanSdk);
    expect(driverMounts(driver).map(({ name, step, path }) => [name, step.name, path])).toEqual([
      ["driver", "swiftshader", "lib"],
    ]);
    expect(driver.environment.VK_DRIVER_FILES).toBe("/in/driver/vk_swiftshader_icd.json");
  });

  it("gives lavapipe in an image of its own that has all that the usual one has", async () => {
    const driver = await openDriver(host, "lavapipe", project);
    if (driver.kind !== "software") throw new Error("lavapipe runs in the sandbox");
    expect(driverMounts(driver)).toEqual([]);
    expect(driver.environment.VK_DRIVER_FILES).toBe("/usr/share/vulkan/icd.d/lvp_icd.x86_64.json");
    const names = (packages: typeof driver.image.packages) => packages.map(({ name }) => name);
    expect(names(driver.image.packages)).toEqual(
      expect.arrayContaining(names(project.materials.vulkanSdk.packages)),
    );
  });
});
