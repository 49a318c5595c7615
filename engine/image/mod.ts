export { type Image, imageId, imageInputs } from "./image.ts";
export { type AssembledImage, assembleImage, type AssembleOptions } from "./assemble.ts";
