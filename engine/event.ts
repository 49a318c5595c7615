/**
 * What the engine tells while it works. It prints nothing itself: ui/ renders these.
 *
 * @module
 */
import type { EngineError } from "./error.ts";

/** How a step ended. */
export type StepOutcome = "hit" | "built" | "failed" | "cancelled";

/** A source that could not be had as locked, and what was taken instead. Stands in every result made from it. */
export interface Drift {
  readonly source: string;
  readonly lockedVersion: string;
  readonly usedVersion: string;
  readonly lockedSha256: string;
  readonly usedSha256: string;
  readonly reason: string;
}

/** All that the engine can say. Times are milliseconds on the host's monotonic clock. */
export type Event =
  | {
    readonly type: "build-start";
    readonly targets: readonly string[];
    readonly steps: number;
    readonly misses: number;
  }
  | { readonly type: "build-end"; readonly ok: boolean; readonly durationMs: number }
  | {
    readonly type: "fetch-start";
    readonly name: string;
    readonly url: string;
    readonly sizeBytes: number | undefined;
  }
  | {
    readonly type: "fetch-progress";
    readonly name: string;
    readonly receivedBytes: number;
    readonly sizeBytes: number | undefined;
  }
  | {
    readonly type: "fetch-retry";
    readonly name: string;
    readonly url: string;
    readonly reason: string;
    readonly attempt: number;
  }
  | {
    readonly type: "fetch-end";
    readonly name: string;
    readonly sizeBytes: number;
    readonly durationMs: number;
  }
  | { readonly type: "image-start"; readonly name: string; readonly packages: number }
  | {
    readonly type: "image-progress";
    readonly name: string;
    readonly done: number;
    readonly packages: number;
  }
  | {
    readonly type: "image-end";
    readonly name: string;
    readonly digest: string;
    readonly files: number;
    readonly sizeBytes: number;
    readonly durationMs: number;
  }
  | {
    readonly type: "step-start";
    readonly name: string;
    readonly id: string;
    readonly reason: string;
    readonly sandbox: string;
  }
  | { readonly type: "step-output"; readonly name: string; readonly chunk: Uint8Array }
  | {
    readonly type: "step-end";
    readonly name: string;
    readonly id: string;
    readonly outcome: StepOutcome;
    readonly durationMs: number;
    readonly error?: EngineError;
  }
  | { readonly type: "sandbox"; readonly name: string; readonly reason: string }
  | { readonly type: "waiting"; readonly name: string; readonly reason: string }
  | { readonly type: "drift"; readonly drift: Drift }
  | { readonly type: "warning"; readonly message: string; readonly hint?: string };

/** Receives events. */
export type EventSink = (event: Event) => void;
