export { build, type BuildOptions, type BuildResult, type BuiltSteps } from "./build.ts";
export { collectOutputs } from "./collect_outputs.ts";
export { executeStep, type RunStepOptions } from "./run_step.ts";
