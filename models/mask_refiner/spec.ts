import type { ModelSpec } from "../spec.ts";

/** A small network of vkforge's own with two inputs and two outputs. */
export const maskRefiner: ModelSpec = {
  name: "mask_refiner",
  title: "Mask refiner (two inputs)",
  inputs: [
    { name: "picture", dtype: "float32", data: "unit" },
    { name: "mask", dtype: "float32", data: "mask", reduction: 4 },
  ],
  outputs: [
    { name: "refined", dtype: "float32", meaning: "the mask at the picture's size, 0..1" },
    { name: "confidence", dtype: "float32", meaning: "how sure the network is, 0..1" },
  ],
  sizes: {
    full: { height: 256, width: 256 },
    quick: { height: 96, width: 128 },
    multipleOf: 4,
  },
  // Twice what float32 on the CPU is off from the float64 reference over 20 inputs (1.6e-5), rounded up; see
  // docs/models.md for the drivers.
  tolerance: {
    default: { maxRel: 1e-4, minCosine: 0.999999 },
    cpu: { maxRel: 5e-5, minCosine: 0.99999999 },
    swiftshader: { maxRel: 5e-5, minCosine: 0.99999999 },
    lavapipe: { maxRel: 5e-5, minCosine: 0.99999999 },
  },
  licence: {
    code: "Apache-2.0",
    weights: "seeded only: Apache-2.0",
  },
  weights: [],
};
