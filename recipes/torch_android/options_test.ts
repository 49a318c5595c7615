import { describe, expect, it } from "vitest";
import { EngineError } from "../../engine/mod.ts";
import { abiOptions, parseTorchAndroidOptions } from "./options.ts";

function refusal(request: unknown): EngineError {
  try {
    parseTorchAndroidOptions(request);
  } catch (error) {
    if (error instanceof EngineError) return error;
  }
  throw new Error("was not refused");
}

describe("parseTorchAndroidOptions()", () => {
  it("builds the full JIT for 64-bit phones if nothing is said", () => {
    expect(parseTorchAndroidOptions({})).toEqual({
      abis: ["arm64-v8a"],
      variant: "full",
      fp16: false,
      relaxedPrecision: false,
      stl: "c++_shared",
      strip: true,
      perAbi: {},
      useVulkan: true,
    });
  });

  it("takes each ABI once, in one order", () => {
    expect(parseTorchAndroidOptions({ abis: ["x86", "armeabi-v7a", "x86"] }).abis)
      .toEqual(["armeabi-v7a", "x86"]);
  });

  it("refuses what it does not know, with what there is", () => {
    for (
      const [request, message, hint] of [
        [{ abis: ["mips"] }, 'Unknown ABI "mips"', "There are armeabi-v7a, arm64-v8a, x86, x86_64"],
        [{ perAbi: { arm64: {} } }, 'Unknown ABI "arm64"', "There are armeabi-v7a, arm64-v8a, x86, x86_64"],
        [{ variant: "half" }, 'Unknown variant "half"', "There are full, lite"],
        [{ stl: "gnustl" }, 'Unknown stl "gnustl"', "There are c++_shared, c++_static"],
        [
          { perAbi: { x86: { abi: 1 } } },
          'Unknown option of torch for Android "abi"',
          "There are fp16, relaxed",
        ],
        [{ abi: "x86" }, 'Unknown option of torch for Android "abi"', "There are abis, variant"],
      ] as const
    ) {
      const { code, message: given, hint: next } = refusal(request);
      expect([code, given]).toEqual(["usage", message]);
      expect(next).toContain(hint);
    }
  });

  it("refuses names that are none of operators", () => {
    expect(refusal({ selectedOps: ["aten::add.Tensor", "rm -rf"] }).message)
      .toBe(
        'Cannot use the option "selectedOps" of torch for Android: expected a name such as "aten::add.Tensor"',
      );
  });

  it("refuses to leave Vulkan out, and says why", () => {
    const { code, message, hint } = refusal({ useVulkan: false });
    expect([code, message]).toEqual(["usage", "Cannot build torch for Android without Vulkan"]);
    expect(hint).toContain("turns any value of it, 0 too, into ON");
  });
});

describe("abiOptions()", () => {
  it("prefers an ABI's own choice", () => {
    const options = parseTorchAndroidOptions({
      stl: "c++_static",
      perAbi: { x86: { fp16: true, stl: "c++_shared" } },
    });
    expect(abiOptions(options, "x86")).toEqual({
      fp16: true,
      relaxedPrecision: false,
      stl: "c++_shared",
      strip: true,
    });
    expect(abiOptions(options, "arm64-v8a").fp16).toBe(false);
    expect(abiOptions(options, "arm64-v8a").stl).toBe("c++_static");
  });
});
