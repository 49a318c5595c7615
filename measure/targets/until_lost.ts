/**
 * A target that can be lost in the middle: what was measured before stays, and nothing more is asked of it.
 *
 * @module
 */
import type { RunRequest } from "../runner_arguments.ts";
import { DeviceError } from "./device_error.ts";
import { notRun } from "./replay.ts";
import type { RunOutcome, Target } from "./target.ts";

/** See the module's text. */
export class UntilLost implements Target {
  readonly #target: Target;
  #lost: DeviceError | undefined;

  constructor(target: Target) {
    this.#target = target;
  }

  /** Why it was lost, if it was. */
  get lost(): DeviceError | undefined {
    return this.#lost;
  }

  /** See {@linkcode Target.environment}. */
  get environment(): Readonly<Record<string, string>> {
    return this.#target.environment;
  }

  /** See {@linkcode Target.run}; a lost device gives results that say so. */
  async run(request: RunRequest): Promise<RunOutcome> {
    if (this.#lost === undefined) {
      try {
        return await this.#target.run(request);
      } catch (error) {
        if (!(error instanceof DeviceError)) throw error;
        this.#lost = error;
      }
    }
    return { runner: notRun(request.modelFile, this.#lost.message), wallMs: 0 };
  }
}
