export { DEFAULT_RESOURCES, type Input, type Resources, type Step, stepInputs } from "./step.ts";
export { inOrder } from "./order.ts";
export { fingerprint, type FingerprintedStep } from "./fingerprint.ts";
export { plan, type PlannedStep } from "./plan.ts";
export { hashFile, readFiles } from "./files.ts";
