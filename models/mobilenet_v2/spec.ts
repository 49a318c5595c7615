import type { ModelSpec } from "../spec.ts";

/** MobileNetV2, the network that upstream's own Vulkan tests and tutorial use. */
export const mobilenetV2: ModelSpec = {
  name: "mobilenet_v2",
  title: "MobileNetV2",
  inputs: [{ name: "input", dtype: "float32", data: "imagenet" }],
  outputs: [{
    name: "output",
    dtype: "float32",
    meaning: "scores of the 1000 ImageNet classes before softmax",
  }],
  sizes: {
    full: { height: 224, width: 224 },
    quick: { height: 224, width: 224 },
    multipleOf: 1,
  },
  // Twice what float32 on the CPU is off from the float64 reference over 20 inputs (4.3e-6), rounded up; see
  // docs/models.md for the drivers.
  tolerance: {
    default: { maxRel: 1e-4, minCosine: 0.999999 },
    cpu: { maxRel: 1e-5, minCosine: 0.99999999 },
    swiftshader: { maxRel: 1e-5, minCosine: 0.99999999 },
    lavapipe: { maxRel: 1e-5, minCosine: 0.99999999 },
  },
  licence: {
    code: "Apache-2.0",
    weights:
      "seeded: Apache-2.0; published: BSD-3-Clause (torchvision), trained on ImageNet, whose terms of use apply",
  },
  weights: [
    {
      name: "imagenet1k-v2",
      url: "https://download.pytorch.org/models/mobilenet_v2-7ebf99e0.pth",
      sha256Prefix: "7ebf99e0",
      note: "torchvision's newer training recipe, 72.154 % top-1",
    },
    {
      name: "imagenet1k-v1",
      url: "https://download.pytorch.org/models/mobilenet_v2-b0353104.pth",
      sha256Prefix: "b0353104",
      note: "torchvision's original training, 71.878 % top-1",
    },
  ],
};
