import type { ModelSpec } from "../spec.ts";

/** AnimeGANv2's generator: photographs become drawings. */
export const animeganV2: ModelSpec = {
  name: "animeganv2",
  title: "AnimeGANv2",
  inputs: [
    { name: "image", dtype: "float32", data: "symmetric" },
  ],
  outputs: [
    { name: "drawing", dtype: "float32", meaning: "the drawing, -1..1" },
  ],
  sizes: {
    full: { height: 256, width: 256 },
    quick: { height: 32, width: 48 },
    multipleOf: 4,
  },
  // Twice what float32 on the CPU is off from the float64 reference over 20 inputs (1.3e-5), rounded up; see
  // docs/models.md for the drivers.
  tolerance: {
    default: { maxRel: 1e-4, minCosine: 0.999999 },
    cpu: { maxRel: 5e-5, minCosine: 0.99999999 },
    swiftshader: { maxRel: 5e-5, minCosine: 0.99999999 },
    lavapipe: { maxRel: 5e-5, minCosine: 0.99999999 },
  },
  licence: {
    code: "Apache-2.0; architecture after bryandlee/animegan2-pytorch (MIT)",
    weights: "seeded: Apache-2.0; published: MIT for the port, the original's are for non-commercial use",
  },
  weights: [],
};
