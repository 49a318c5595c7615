import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findModel, inputShape, models, toleranceFor } from "./mod.ts";

describe("models", () => {
  it("have names of their own that are folders with a model.py", () => {
    expect(new Set(models.map((model) => model.name)).size).toBe(models.length);
    for (const { name } of models) {
      expect(existsSync(new URL(`${name}/model.py`, import.meta.url))).toBe(true);
    }
  });

  it("have sizes that they can take", () => {
    for (const { sizes: { full, quick, multipleOf }, inputs } of models) {
      for (const side of [full, quick].flatMap(({ height, width }) => [height, width])) {
        expect(side % multipleOf).toBe(0);
      }
      for (const input of inputs) {
        for (const extent of inputShape(input, quick)) expect(Number.isInteger(extent)).toBe(true);
      }
    }
  });

  it("publish each weights file under a name that carries its hash prefix", () => {
    for (const weights of models.flatMap((model) => model.weights)) {
      expect(weights.sha256Prefix).toMatch(/^[0-9a-f]{8,64}$/);
      expect(weights.url).toMatch(new RegExp(`^https://.*-${weights.sha256Prefix}\\.pth$`));
    }
  });

  it("allow measured drivers no more than unmeasured ones", () => {
    for (const { tolerance } of models) {
      for (const bar of Object.values(tolerance)) {
        expect(bar.maxRel).toBeLessThanOrEqual(tolerance.default.maxRel);
        expect(bar.minCosine).toBeGreaterThanOrEqual(tolerance.default.minCosine);
      }
    }
  });
});

describe("findModel()", () => {
  it("gives nothing for an unknown name", () => {
    expect(findModel("mobilenet_v9")).toBe(undefined);
  });
});

describe("toleranceFor()", () => {
  const spec = findModel("mobilenet_v2")!;

  it("gives a measured driver its own bar", () => {
    expect(toleranceFor(spec, "swiftshader").maxRel).toBe(1e-5);
  });

  it("gives any other driver the default, also one named like a property of objects", () => {
    expect(toleranceFor(spec, "adreno")).toBe(spec.tolerance.default);
    expect(toleranceFor(spec, "toString")).toBe(spec.tolerance.default);
  });
});
