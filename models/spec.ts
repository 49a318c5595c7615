/**
 * What vkforge needs to know about a model: its interface, how close a runtime must come, and where weights are.
 *
 * The network itself is `models/<name>/model.py`.
 *
 * @module
 */

/** A model as the recipes, the measurements and the documentation see it. */
export interface ModelSpec {
  /** Name of the folder below `models/` and stem of every file made from it. */
  readonly name: string;
  /** Name for people. */
  readonly title: string;
  /** Inputs in the order of the network's arguments. */
  readonly inputs: readonly InputSpec[];
  /** Outputs in the order in which the network returns them. */
  readonly outputs: readonly OutputSpec[];
  /** Heights and widths of the pictures in `inputs`; each is a conversion of its own. */
  readonly sizes: ModelSizes;
  /** How far an output may be from the golden one. */
  readonly tolerance: DriverTolerances;
  readonly licence: { readonly code: string; readonly weights: string };
  /** Published state dicts that fit, the preferred ones first; empty where none can be loaded as it is. */
  readonly weights: readonly PublishedWeights[];
}

/** Height and width of a picture, in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** Which sizes a model takes. */
export interface ModelSizes {
  /** What the network was made for. */
  readonly full: Size;
  /** Small enough that software Vulkan answers within seconds, and odd where the network allows it. */
  readonly quick: Size;
  /** Both sides of any size must be multiples of it. */
  readonly multipleOf: number;
}

/** One input tensor. */
export interface InputSpec {
  readonly name: string;
  readonly dtype: "float32";
  /** Pixels of the picture for each pixel of this tensor, in height and in width; 1 unless given. */
  readonly reduction?: number;
  /** What the tensor holds, so that test data of the same kind can be made. */
  readonly data: InputData;
}

/**
 * A picture of three channels whose pixels in 0..1 are normalised (`imagenet` subtracts that set's mean and divides by
 * its deviation, `unit` leaves them, `symmetric` maps them to -1..1), or a mask of one channel in 0..1.
 */
export type InputData = "imagenet" | "unit" | "symmetric" | "mask";

/** One output tensor. */
export interface OutputSpec {
  readonly name: string;
  readonly dtype: "float32";
  /** What the values are, in words. */
  readonly meaning: string;
}

/** The bar of a comparison with the golden output. */
export interface Tolerance {
  /** Largest absolute error, relative to the largest absolute value of the golden output. */
  readonly maxRel: number;
  /** Smallest cosine between the two outputs taken as vectors. */
  readonly minCosine: number;
}

/** Drivers for which a bar of its own was measured. */
export type MeasuredDriver = "cpu" | "swiftshader" | "lavapipe";

/** One bar for drivers that nobody measured, closer ones for those that somebody did. */
export type DriverTolerances =
  & { readonly default: Tolerance }
  & { readonly [D in MeasuredDriver]?: Tolerance };

/** A state dict that its publisher offers for download. */
export interface PublishedWeights {
  /** Name for the command line. */
  readonly name: string;
  readonly url: string;
  /** First digits of the file's SHA-256, as the publisher puts them into its name. */
  readonly sha256Prefix: string;
  /** What sets these weights apart. */
  readonly note: string;
}

/** Gives the bar for a driver; one without a measured bar gets the default. */
export function toleranceFor(spec: Pick<ModelSpec, "tolerance">, driver: string): Tolerance {
  const own = Object.entries(spec.tolerance).find(([name]) => name === driver);
  return own?.[1] ?? spec.tolerance.default;
}

/** Batch, channels, height, width of an input for pictures of a size. */
export function inputShape({ data, reduction = 1 }: InputSpec, size: Size): readonly number[] {
  return [1, data === "mask" ? 1 : 3, size.height / reduction, size.width / reduction];
}

/** "160x192": height, then width. */
export function sizeName({ height, width }: Size): string {
  return `${height}x${width}`;
}
