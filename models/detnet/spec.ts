import type { ModelSpec } from "../spec.ts";

/** DetNet, the hand pose network of Minimal-Hand. */
export const detnet: ModelSpec = {
  name: "detnet",
  title: "DetNet hand pose",
  inputs: [
    { name: "image", dtype: "float32", data: "unit" },
  ],
  outputs: [
    { name: "heat", dtype: "float32", meaning: "where each of the 21 joints is, 0..1" },
    { name: "delta", dtype: "float32", meaning: "offset of each joint from its parent, x y z per joint" },
    {
      name: "location",
      dtype: "float32",
      meaning: "place of each joint relative to the root, x y z per joint",
    },
  ],
  sizes: {
    full: { height: 128, width: 128 },
    quick: { height: 32, width: 32 },
    multipleOf: 16,
  },
  // Twice what float32 on the CPU is off from the float64 reference over 20 inputs (1.8e-6), rounded up; see
  // docs/models.md for the drivers.
  tolerance: {
    default: { maxRel: 1e-4, minCosine: 0.999999 },
    cpu: { maxRel: 5e-6, minCosine: 0.99999999 },
    swiftshader: { maxRel: 5e-6, minCosine: 0.99999999 },
    lavapipe: { maxRel: 5e-6, minCosine: 0.99999999 },
  },
  licence: {
    code: "Apache-2.0; architecture after MengHao666/Minimal-Hand-pytorch (MIT)",
    weights: "seeded: Apache-2.0; published: MIT",
  },
  weights: [],
};
