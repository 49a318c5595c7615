export {
  BASE_ENVIRONMENT,
  type Limits,
  type Mount,
  MOUNT_POINTS,
  type Sandbox,
  type SandboxExit,
  type SandboxResult,
  type SandboxRun,
} from "./sandbox.ts";
export { BwrapSandbox } from "./bwrap.ts";
