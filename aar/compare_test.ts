import { describe, expect, it } from "vitest";
import { classOf, goodEntries, PYTORCH_CLASSES, withEntry, zipOf } from "./_testing.ts";
import { compareAars } from "./compare.ts";
import { judgeAar } from "./judge.ts";
import { verdictLines } from "./lines.ts";
import { readAar } from "./read_aar.ts";

const before = await readAar(zipOf(goodEntries()));
const newer = withEntry(goodEntries({ exported: ["JNI_OnLoad", "added"] }), "classes.jar", {
  data: zipOf(withEntry(PYTORCH_CLASSES, "org/pytorch/Device.class", {
    data: classOf("org/pytorch/Device", ["VULKAN", "NNAPI"]),
  })),
});
const after = await readAar(zipOf(newer));

describe("compareAars()", () => {
  it("tells API, symbols and sizes", () => {
    const { api, libraries, isSameFile } = compareAars(before, after);
    expect(isSameFile).toBe(false);
    expect(api).toEqual({ added: ["org/pytorch/Device.NNAPI I"], removed: ["org/pytorch/Device.CPU I"] });
    expect(libraries.map(({ symbols }) => symbols)).toEqual([{ added: ["added"], removed: [] }]);
  });

  it("finds nothing between an AAR and itself", () => {
    const { isSameFile, api } = compareAars(before, before);
    expect({ isSameFile, api }).toEqual({ isSameFile: true, api: { added: [], removed: [] } });
  });
});

describe("verdictLines()", () => {
  const lineOptions = { verbose: false };

  it("ends with the verdict and what failed", async () => {
    const aar = await readAar(zipOf(goodEntries({ alignBytes: 4096 })));
    const results = judgeAar(aar);
    const lines = verdictLines({ file: "x.aar", aar, results }, lineOptions);
    expect(lines.at(-1)).toBe("FAILED: page-alignment");
    expect(lines).toContain("    hint: Link with -Wl,-z,max-page-size=16384");
  });

  it("marks what was allowed", async () => {
    const aar = await readAar(zipOf(goodEntries({ alignBytes: 4096 })));
    const results = judgeAar(aar, { allow: ["page-alignment"], strict: true });
    const lines = verdictLines({ file: "x.aar", aar, results }, lineOptions);
    expect(lines.at(-1)).toBe("Good");
    expect(lines.find((line) => line.startsWith("~ page-alignment"))).toContain("(allowed)");
  });

  it("shows what changed", () => {
    const against = { file: "old.aar", difference: compareAars(before, after) };
    const lines = verdictLines({ file: "x.aar", aar: after, results: judgeAar(after), against }, lineOptions);
    expect(lines).toContain("  Java API: 1 added, 1 removed");
    expect(lines).toContain("    - org/pytorch/Device.CPU I");
    expect(lines).toContain("  jni/arm64-v8a/libpytorch_jni.so, exported symbols: 1 added, 0 removed");
  });
});
