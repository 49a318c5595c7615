/**
 * What a target is: something that runs models, one process at a time, wherever it stands.
 *
 * @module
 */
import type { RunRequest } from "../runner_arguments.ts";
import type { RunnerResult } from "../runner_result.ts";
import type { TargetEvidence } from "./evidence.ts";

/** What measuring needs of a target. */
export interface Target {
  /** The variables that every process is given, for the record. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Runs one process. Whatever happens to it becomes a result: one that says what failed where there is no other.
   *
   * @throws {EngineError} "interrupted"; `DeviceError` where the target itself cannot be reached any more, which says
   * nothing of the model
   */
  run(request: RunRequest): Promise<RunOutcome>;
}

/** What a process gave. */
export interface RunOutcome {
  readonly runner: RunnerResult;
  readonly wallMs: number;
}

/** A target that stands elsewhere, from getting it ready to leaving nothing on it. */
export interface RemoteTarget extends Target {
  /** Looks whether models can run there, and takes away what an earlier session left. */
  prepare(): Promise<void>;
  /** Brings files there; those that are there already, by content, are not sent. */
  push(): Promise<PushReport>;
  /** Takes a folder of one process back, checked by the digests that the other side told. */
  pull(remote: string, folder: string): Promise<void>;
  /** What it is and how it does now. */
  describe(): Promise<TargetEvidence>;
  /** Ends what still runs there and removes what this session wrote; the files of {@linkcode push} stay if asked. */
  clean(options: { readonly keepFiles: boolean }): Promise<void>;
}

/** What {@linkcode RemoteTarget.push} did. */
export interface PushReport {
  readonly files: number;
  readonly pushedFiles: number;
  readonly pushedBytes: number;
}
