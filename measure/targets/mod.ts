/**
 * Where models run: this machine in a sandbox, this machine's GPU, and devices elsewhere.
 *
 * A device is reached through a {@linkcode Transport} (adb, ssh). {@linkcode probe} tells what it is;
 * {@linkcode ShellTarget} runs a {@linkcode Bundle} on it. A bundle can also be carried there by hand:
 * {@linkcode writeBundle} and {@linkcode ReplayTarget}.
 *
 * @module
 */
export {
  Adb,
  type AdbDevice,
  adbOfImage,
  adbOnPath,
  type AdbOptions,
  adbPort,
  parseDevices,
} from "./adb/adb.ts";
export { AdbTransport } from "./adb/adb_transport.ts";
export { chooseDevice } from "./adb/choose_device.ts";
export {
  type Bundle,
  BUNDLE_DRIVERS,
  bundleDigest,
  type BundleDriver,
  type BundleFile,
  ManifestFile,
  manifestFiles,
  Platform,
} from "./bundle.ts";
export { BundleManifest, fromBundleRequest, parseManifest, toBundleRequest } from "./bundle_manifest.ts";
export { ConnectionLost, DeviceError, type DeviceErrorOptions, type DeviceProblem } from "./device_error.ts";
export type { DeviceSession } from "./device_session.ts";
export { DeviceState, Profile, TargetEvidence } from "./evidence.ts";
export { identityOf, readFacts, stateOf } from "./facts.ts";
export { HostTarget, type HostTargetOptions, type SandboxedDriver, withoutResult } from "./host_target.ts";
export {
  type ImageProgram,
  MachineTarget,
  type MachineTargetOptions,
  type ProgramStart,
} from "./machine_target.ts";
export { type Probe, probe } from "./probe.ts";
export { ShellTarget, type ShellTargetOptions } from "./remote_target.ts";
export { type Job, RecordingTarget, type RecordOptions, ReplayTarget } from "./replay.ts";
export { type ScriptName, scriptPath, scriptText } from "./scripts/mod.ts";
export { type SshOptions, SshTransport } from "./ssh/ssh_transport.ts";
export type { PushReport, RemoteTarget, RunOutcome, Target } from "./target.ts";
export type { CallOptions, ShellResult, Transport } from "./transport.ts";
export { writeBundle, type WriteBundleOptions } from "./write_bundle.ts";
