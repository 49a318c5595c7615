/**
 * Telling again what a step printed when it was built.
 *
 * @module
 */
import { explainIo } from "../error.ts";
import type { Event, EventSink } from "../event.ts";
import type { Host } from "../host.ts";
import type { Secrets } from "../secrets/mod.ts";
import type { Manifest, Store } from "../store/mod.ts";

/** Of a longer log the end is told; the file has it all. */
const MAX_REPLAY_BYTES = 2 ** 20;

/** What {@linkcode replayLog} works with. */
export interface ReplayOptions {
  readonly host: Host;
  readonly store: Store;
  readonly emit: EventSink;
  readonly secrets?: Secrets | undefined;
}

/** All that a cached step printed, or its end, in whole lines. */
export type ReplayedOutput = Extract<Event, { readonly type: "step-output" }> & { readonly replayed: true };

/** Whether an event is output of a step that does not run now. */
export function isReplayed(event: Event): event is ReplayedOutput {
  return event.type === "step-output" && "replayed" in event;
}

/** Emits the kept log of a step as one {@linkcode ReplayedOutput}; nothing where it printed nothing. */
export function replayLog({ name, log }: Manifest, options: ReplayOptions): void {
  if (log === undefined || log.sizeBytes === 0) return;
  const { host, store, emit, secrets } = options;
  const path = store.path(log.digest);
  const skipBytes = Math.max(0, log.sizeBytes - MAX_REPLAY_BYTES);
  const text = new TextEncoder();
  const pieces: Uint8Array[] = [];
  if (skipBytes > 0) pieces.push(text.encode(`[the first ${skipBytes} bytes are in ${path}]\n`));
  // It may have been kept by a machine that did not know this one's secrets.
  const mask = secrets?.stream();
  let offset = 0;
  try {
    host.fs.readChunks(path, (chunk) => {
      const wanted = chunk.subarray(Math.max(0, skipBytes - offset));
      offset += chunk.length;
      pieces.push(mask?.push(wanted) ?? wanted.slice());
    });
  } catch (error) {
    // The step is there all the same.
    const { message } = explainIo(error, `read the log of "${name}"`);
    return emit({ type: "warning", message, hint: "Run `deno task cache verify`" });
  }
  if (mask !== undefined) pieces.push(mask.end());
  // What follows begins on a line of its own.
  if (pieces.findLast(({ length }) => length > 0)?.at(-1) !== NEWLINE) pieces.push(text.encode("\n"));
  const output: ReplayedOutput = { type: "step-output", name, chunk: concat(pieces), replayed: true };
  emit(output);
}

const NEWLINE = 10;

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
