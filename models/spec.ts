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
  /** Height and width of the pictures in `inputs`; other sizes need another conversion. */
  readonly defaultSize: { readonly height: number; readonly width: number };
  /** How far an output may be from the golden one. */
  readonly tolerance: DriverTolerances;
  readonly licence: { readonly code: string; readonly weights: string };
  /** Published weights that fit, the preferred ones first. */
  readonly weights: readonly [PublishedWeights, ...PublishedWeights[]];
}

/** One input tensor. */
export interface InputSpec {
  readonly name: string;
  readonly dtype: "float32";
  /** Batch, channels, height, width. */
  readonly shape: readonly [number, 3, number, number];
  /** What the tensor holds, so that test data of the same kind can be made. */
  readonly data: { readonly kind: "picture"; readonly normalisation: Normalisation };
}

/** How pixels in 0..1 become the tensor: `imagenet` subtracts that set's mean and divides by its deviation. */
export type Normalisation = "imagenet";

/** One output tensor. */
export interface OutputSpec {
  readonly name: string;
  readonly dtype: "float32";
  readonly shape: readonly number[];
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
export function toleranceFor(spec: ModelSpec, driver: string): Tolerance {
  const own = Object.entries(spec.tolerance).find(([name]) => name === driver);
  return own?.[1] ?? spec.tolerance.default;
}
