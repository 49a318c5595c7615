import type { ModelSpec } from "../spec.ts";

/** DeepLabV3 on ResNet-50, the segmentation network of PyTorch's Android tutorial. */
export const deeplabv3Resnet50: ModelSpec = {
  name: "deeplabv3_resnet50",
  title: "DeepLabV3 ResNet-50",
  inputs: [
    { name: "image", dtype: "float32", data: "imagenet" },
  ],
  outputs: [
    {
      name: "scores",
      dtype: "float32",
      meaning: "scores of the 21 classes of Pascal VOC for every pixel, before softmax",
    },
  ],
  sizes: {
    full: { height: 400, width: 400 },
    // 13 columns of features: the branch that is dilated by 12 still sees more than its centre.
    quick: { height: 17, width: 97 },
    multipleOf: 1,
  },
  // Twice what float32 on the CPU is off from the float64 reference over 20 inputs (1.2e-6), rounded up; see
  // docs/models.md for the drivers.
  tolerance: {
    default: { maxRel: 1e-4, minCosine: 0.999999 },
    cpu: { maxRel: 5e-6, minCosine: 0.99999999 },
    swiftshader: { maxRel: 5e-6, minCosine: 0.99999999 },
    lavapipe: { maxRel: 5e-6, minCosine: 0.99999999 },
  },
  licence: {
    code: "Apache-2.0",
    weights: "seeded: Apache-2.0; published: BSD-3-Clause (torchvision), trained on COCO",
  },
  weights: [
    {
      name: "coco-voc",
      url: "https://download.pytorch.org/models/deeplabv3_resnet50_coco-cd0a2569.pth",
      sha256Prefix: "cd0a2569",
      note: "torchvision's, COCO with the classes of Pascal VOC, 66.4 % mean IoU",
    },
  ],
};
