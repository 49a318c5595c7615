/**
 * The models that vkforge converts, runs and compares.
 *
 * @module
 */

import { animeganV2 } from "./animeganv2/spec.ts";
import { deeplabv3Resnet50 } from "./deeplabv3_resnet50/spec.ts";
import { detnet } from "./detnet/spec.ts";
import { maskRefiner } from "./mask_refiner/spec.ts";
import { mobilenetV2 } from "./mobilenet_v2/spec.ts";
import type { ModelSpec } from "./spec.ts";
import { yolov5s } from "./yolov5s/spec.ts";

export * from "./spec.ts";
export * from "./steps.ts";

/** Every model, in the order in which results list them. */
export const models: readonly ModelSpec[] = [
  mobilenetV2,
  yolov5s,
  detnet,
  deeplabv3Resnet50,
  animeganV2,
  maskRefiner,
];

/** Gives the model of that name, if there is one. */
export function findModel(name: string): ModelSpec | undefined {
  return models.find((model) => model.name === name);
}
