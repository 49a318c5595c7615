import type { Host } from "../../engine/host.ts";
import type { Check } from "./check.ts";

/** Where the loader looks for drivers; https://vulkan.lunarg.com/doc/view/latest/linux/LoaderDriverInterface.html */
const ICD_FOLDERS = ["/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/usr/share/vulkan/icd.d"];

/** Vulkan drivers of the machine itself. Optional: SwiftShader is brought along. */
export function checkVulkanDrivers(host: Host): Check {
  const name = "Vulkan drivers";
  const files = namedDrivers(host) ?? ICD_FOLDERS.flatMap((folder) => manifestsIn(host, folder));
  const broken = files.filter((file) => libraryOf(host, file) === undefined);
  if (broken.length > 0) {
    return {
      name,
      status: "warn",
      message: `${broken.join(", ")} cannot be read as a driver manifest`,
      hint:
        "Remove it or install the driver again: one broken manifest can keep the loader from finding the others",
    };
  }
  if (files.length > 0) {
    const hint = "Use one of them with `--driver gpu`";
    return { name, status: "info", message: files.map((file) => file.split("/").at(-1)).join(", "), hint };
  }
  return {
    name,
    status: "info",
    message: "None found on this machine",
    hint: "Nothing to do for SwiftShader, which is brought along; `--driver gpu` needs the driver of the GPU",
  };
}

/** The manifests that the environment names, which the loader then takes instead of all others. */
function namedDrivers(host: Host): string[] | undefined {
  const value = host.env.get("VK_DRIVER_FILES") ?? host.env.get("VK_ICD_FILENAMES");
  return value === undefined || value === "" ? undefined : value.split(":").filter((path) => path !== "");
}

function manifestsIn(host: Host, folder: string): string[] {
  try {
    return host.fs.readDir(folder)
      .filter((entry) => entry.name.endsWith(".json"))
      .map((entry) => `${folder}/${entry.name}`)
      .sort();
  } catch {
    return [];
  }
}

function libraryOf(host: Host, file: string): string | undefined {
  try {
    const library = JSON.parse(host.fs.readTextFile(file))?.ICD?.library_path;
    return typeof library === "string" && library !== "" ? library : undefined;
  } catch {
    return undefined;
  }
}
