export {
  BASE_ENVIRONMENT,
  type Limits,
  type Mount,
  MOUNT_POINTS,
  type RootImage,
  type Sandbox,
  type SandboxExit,
  type SandboxResult,
  type SandboxRun,
  type Variation,
  type VariationName,
} from "./sandbox.ts";
export { BwrapSandbox } from "./bwrap.ts";
export {
  type ChooseOptions,
  chooseSandbox,
  type Chosen,
  SANDBOX_CHOICES,
  type SandboxChoice,
} from "./choose.ts";
