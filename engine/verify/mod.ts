export type { AspectName, FixedAspect } from "./aspect.ts";
export type { EntryDifference } from "./compare_trees.ts";
export { findFakeClock } from "./fake_clock.ts";
export {
  type DescribedDifference,
  type RepeatedBuild,
  type StepVerdict,
  type VariedAspect,
  verifyStep,
  type VerifyStepOptions,
} from "./verify.ts";
