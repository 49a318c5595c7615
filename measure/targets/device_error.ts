/**
 * What can be wrong with a device, apart from what can be wrong with a model on it.
 *
 * @module
 */
import { EngineError } from "../../engine/mod.ts";

/** What is wrong, as a stable word; it is the error's `subject`. */
export type DeviceProblem =
  | "no-adb"
  | "no-device"
  | "ambiguous"
  | "unauthorized"
  | "offline"
  | "unreachable"
  | "busy"
  | "missing-tools"
  | "no-place"
  | "no-space"
  | "wrong-abi"
  | "no-vulkan"
  | "connection-lost"
  | "restarted";

/** Options of {@linkcode DeviceError}. */
export interface DeviceErrorOptions {
  readonly hint: string;
  readonly cause?: unknown;
  readonly detail?: readonly string[];
}

/**
 * A failure of the device or of the way to it: exit code 3, or 2 where a choice is missing. It says nothing of the
 * models.
 */
export class DeviceError extends EngineError {
  readonly problem: DeviceProblem;

  constructor(problem: DeviceProblem, message: string, options: DeviceErrorOptions) {
    super(problem === "ambiguous" ? "usage" : "source-unavailable", message, {
      ...options,
      subject: problem,
    });
    this.problem = problem;
  }
}

/** The connection broke, or what came over it was cut off. Trying again may help. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}
