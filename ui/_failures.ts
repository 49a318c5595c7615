import { renderError, type RenderErrorOptions } from "./render_error.ts";

/**
 * Errors of steps, told once and at the end: in the middle of a build they would scroll away. The error that ends
 * the command is often one of them.
 */
export class Failures {
  readonly #pending: unknown[] = [];
  readonly #told = new Set<unknown>();

  add(error: unknown): void {
    this.#pending.push(error);
  }

  /** The lines of all errors that were added and not told yet. */
  take(options: RenderErrorOptions): string[] {
    return this.#pending.splice(0).flatMap((error) => this.#tell(error, options));
  }

  /** The lines of an error, after those that are pending; none if it was told, alone or as a cause. */
  tell(error: unknown, options: RenderErrorOptions): string[] {
    return [...this.take(options), ...this.#tell(error, options)];
  }

  #tell(error: unknown, options: RenderErrorOptions): string[] {
    if (this.#wasTold(error)) return [];
    this.#told.add(error);
    return renderError(error, options);
  }

  #wasTold(error: unknown): boolean {
    const seen = new Set<unknown>();
    for (let next = error; next !== undefined && !seen.has(next); next = causeOf(next)) {
      if (this.#told.has(next)) return true;
      seen.add(next);
    }
    return false;
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
