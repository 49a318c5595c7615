import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { findModel, models } from "./mod.ts";
import { cpuScript, fileScript, testScript, vulkanScript } from "./steps.ts";

const mobilenet = findModel("mobilenet_v2")!;

describe("cpuScript()", () => {
  it("names inputs, outputs and the seed", () => {
    expect(cpuScript(mobilenet)).toBe(
      "export PYTHONPATH=/in/models PYTHONDONTWRITEBYTECODE=1\n" +
        "exec python3 -m convert.build_cpu mobilenet_v2 --input input:1x3x224x224:imagenet --output output " +
        "--seed 0 --samples 1 --out /out",
    );
  });

  it("names a published file and the hash it must have", () => {
    const file = "/in/weights/mobilenet_v2-7ebf99e0.pth";
    const script = cpuScript(mobilenet, { weights: { kind: "pretrained", file, sha256Prefix: "7ebf99e0" } });
    expect(script).toContain(`--weights ${file} --weights-sha256 7ebf99e0 `);
    expect(script).not.toContain("--seed");
  });

  it("gives every input its shape and kind for the size", () => {
    const script = cpuScript(findModel("mask_refiner")!, { size: { height: 64, width: 96 }, samples: 3 });
    expect(script).toContain("--input picture:1x3x64x96:unit --input mask:1x1x16x24:mask ");
    expect(script).toContain("--samples 3 ");
  });

  it("quotes a seed with characters that the shell would interpret", () => {
    const script = cpuScript(mobilenet, { weights: { kind: "seeded", seed: "it's; $(x)" } });
    expect(script).toContain(`--seed 'it'\\''s; $(x)'`);
  });
});

describe("vulkanScript()", () => {
  it("offers exactly one driver to the loader", () => {
    expect(vulkanScript(mobilenet).split("\n")[0]).toBe(
      "export VK_DRIVER_FILES=/in/swiftshader/vk_swiftshader_icd.json " +
        "VK_ICD_FILENAMES=/in/swiftshader/vk_swiftshader_icd.json",
    );
  });
});

describe("vulkanScript() for the stock runtime", () => {
  it("hands on the inputs that the rewrites need", () => {
    const rewriteFor = { spec: mobilenet, size: mobilenet.sizes.quick };
    expect(vulkanScript({ name: mobilenet.name, rewriteFor })).toContain(
      " --runtime stock --input input:1x3x224x224:imagenet --out /out",
    );
  });
});

describe("fileScript()", () => {
  it("names the file and the shape of every input", () => {
    const shapes = [[1, 3, 8, 8], [1, 2]];
    expect(fileScript({ name: "net", file: "/in/file/my net.pt", shapes, samples: 2 })).toContain(
      "convert.build_file net --file '/in/file/my net.pt' --input 1x3x8x8 --input 1x2 --samples 2 --out /out",
    );
  });
});

describe("testScript()", () => {
  it("discovers the tests below /in/models", () => {
    expect(testScript()).toContain("python3 -m unittest discover --start-directory /in/models/tests");
  });
});

describe("scripts", () => {
  it("pass bash's syntax check for every model", () => {
    for (const script of models.flatMap((model) => [cpuScript(model), vulkanScript(model)])) {
      expect(spawnSync("bash", ["-n", "-c", script]).status).toBe(0);
    }
  });
});
