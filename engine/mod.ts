/**
 * The engine: steps as data, a content-addressed store, sandboxes, and a scheduler. It knows nothing of what is built.
 *
 * @module
 */
export { canonicalJson, type Json } from "./canonical_json.ts";
export { type Digest, digestOf, digestOfJson, shortDigest, type StepId } from "./digest.ts";
export { Engine, type EngineOptions, type VerifyOptions } from "./engine.ts";
export {
  EngineError,
  type EngineErrorOptions,
  type ErrorCode,
  EXIT,
  exitCodeOf,
  explainIo,
} from "./error.ts";
export type { Drift, Event, EventSink, StepOutcome } from "./event.ts";
export type { Host } from "./host.ts";
export {
  type Cause,
  DEFAULT_RESOURCES,
  describeReason,
  explainStep,
  type Explanation,
  type GraphEdge,
  type GraphNode,
  type GraphView,
  graphView,
  inOrder,
  type Input,
  type PlannedStep,
  type Reason,
  type Resources,
  type Step,
  toDot,
} from "./graph/mod.ts";
export type { Image } from "./image/mod.ts";
export type { LockedSource, LockFile, PackagesLock } from "./lock/mod.ts";
export type { DiffLine } from "./text_diff.ts";
export type { Manifest } from "./store/mod.ts";
export type { DescribedDifference, RepeatedBuild, StepVerdict } from "./verify/mod.ts";
