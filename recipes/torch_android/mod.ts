/**
 * Torch for Android, built from source.
 *
 * @module
 */
export { assertDisk, neededBytes } from "./disk.ts";
export { type AndroidMaterials, assertJdk, loadAndroidMaterials } from "./materials.ts";
export { abiEnvironment, abiOutputs, abiStep, type TorchAndroid, torchAndroidSteps } from "./native.ts";
export {
  type Abi,
  type AbiOptions,
  ABIS,
  parseTorchAndroidOptions,
  STLS,
  type TorchAndroidOptions,
  type TorchAndroidRequest,
} from "./options.ts";
