/**
 * The models that vkforge converts, runs and compares.
 *
 * @module
 */

import { mobilenetV2 } from "./mobilenet_v2/spec.ts";
import type { ModelSpec } from "./spec.ts";

export * from "./spec.ts";
export * from "./steps.ts";

/** Every model, in the order in which results list them. */
export const models: readonly ModelSpec[] = [mobilenetV2];

/** Gives the model of that name, if there is one. */
export function findModel(name: string): ModelSpec | undefined {
  return models.find((model) => model.name === name);
}
