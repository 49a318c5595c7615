/** Where in the work a failure shows itself. */
export type Area = "machine" | "build" | "android" | "convert" | "load" | "run";

/** A failure that others met before, and what mends it. */
export interface Failure {
  /** Stable, in kebab case; the anchor in the documentation. */
  readonly id: string;
  readonly area: Area;
  /** What a log says when this failure is in it. */
  readonly symptom: RegExp;
  /** A line (or two) from a real log that the symptom matches. */
  readonly example: string;
  readonly title: string;
  readonly cause: string;
  /** What to do; says so where nobody has confirmed it. */
  readonly fix: string;
  /** The versions in which it is seen. */
  readonly since: string;
  /** Where it is described: a URL, or a file of this project. */
  readonly reference: string;
}
