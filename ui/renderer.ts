import type { EventSink } from "../engine/event.ts";
import type { Diagnose } from "./render_error.ts";

/** The names of the renderers. */
export const RENDERER_NAMES = ["terminal", "plain", "github", "jsonl"] as const;

/** One of the renderers. */
export type RendererName = typeof RENDERER_NAMES[number];

/**
 * Shows a build to somebody. Disposing it leaves the terminal as it was found; handlers of SIGINT and SIGTERM must
 * do so before they end the process.
 */
export interface Renderer extends Disposable {
  readonly name: RendererName;
  /** Hand this to the engine. */
  readonly onEvent: EventSink;
  /** Lines for the reader, above whatever is live. */
  say(...lines: readonly string[]): void;
  /** The error that ends the command: told whole, and only once if a step already failed with it. */
  fail(error: unknown): void;
}

/** Options that all renderers understand. */
export interface RendererOptions {
  /** Shows cached steps, output of steps while it comes, single downloads, codes and stacks. */
  readonly verbose?: boolean;
  readonly color?: boolean;
  /** Known failures, looked for in the log of what failed. */
  readonly diagnose?: Diagnose;
}
