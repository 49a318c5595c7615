import type { ModelSpec } from "../spec.ts";

/** YOLOv5s, the network for which Vulkan on Android was given up most often. */
export const yolov5s: ModelSpec = {
  name: "yolov5s",
  title: "YOLOv5s",
  inputs: [
    { name: "image", dtype: "float32", data: "unit" },
  ],
  outputs: [
    {
      name: "fine",
      dtype: "float32",
      meaning: "boxes in parts of the image and scores, three per place, at stride 8",
    },
    { name: "medium", dtype: "float32", meaning: "the same at stride 16" },
    { name: "coarse", dtype: "float32", meaning: "the same at stride 32" },
  ],
  sizes: {
    full: { height: 640, width: 640 },
    quick: { height: 96, width: 128 },
    multipleOf: 32,
  },
  // Twice what float32 on the CPU is off from the float64 reference over 20 inputs (2.3e-5), rounded up; see
  // docs/models.md for the drivers.
  tolerance: {
    default: { maxRel: 1e-4, minCosine: 0.999999 },
    cpu: { maxRel: 5e-5, minCosine: 0.99999999 },
    swiftshader: { maxRel: 5e-5, minCosine: 0.99999999 },
    lavapipe: { maxRel: 5e-5, minCosine: 0.99999999 },
  },
  licence: {
    code: "Apache-2.0 (written from the published architecture)",
    weights:
      "seeded: Apache-2.0; published: GPL-3.0 (release 6) or AGPL-3.0 (since release 7), trained on COCO",
  },
  weights: [],
};
