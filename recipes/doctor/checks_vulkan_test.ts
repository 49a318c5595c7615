import { describe, expect, it } from "vitest";
import { fakeHost } from "./_fake_host.ts";
import { checkVulkanDrivers } from "./checks_vulkan.ts";

const FOLDER = "/usr/share/vulkan/icd.d";
const MANIFEST =
  '{"file_format_version":"1.0.0","ICD":{"library_path":"libGLX_nvidia.so.0","api_version":"1.3"}}';

describe("checkVulkanDrivers()", () => {
  it("names the drivers that are installed", () => {
    const files = { [`${FOLDER}/nvidia_icd.json`]: MANIFEST, [`${FOLDER}/lvp_icd.x86_64.json`]: MANIFEST };
    expect(checkVulkanDrivers(fakeHost({ files, folders: [FOLDER] }))).toMatchObject({
      status: "info",
      message: "lvp_icd.x86_64.json, nvidia_icd.json",
    });
  });

  it("does not mind that there are none", () => {
    expect(checkVulkanDrivers(fakeHost())).toMatchObject({
      status: "info",
      message: "None found on this machine",
    });
  });

  it("warns of a broken manifest, which can spoil the others", () => {
    const files = { [`${FOLDER}/nvidia_icd.json`]: MANIFEST, [`${FOLDER}/lvp_icd.x86_64.json`]: "{" };
    const check = checkVulkanDrivers(fakeHost({ files, folders: [FOLDER] }));
    expect(check.status).toBe("warn");
    expect(check.message).toBe(`${FOLDER}/lvp_icd.x86_64.json cannot be read as a driver manifest`);
  });

  it("looks at the files that the environment names, and only there", () => {
    const files = { [`${FOLDER}/nvidia_icd.json`]: MANIFEST };
    const host = fakeHost({ files, folders: [FOLDER], env: { VK_ICD_FILENAMES: "/gone/icd.json" } });
    expect(checkVulkanDrivers(host).message).toContain("/gone/icd.json");
  });
});
