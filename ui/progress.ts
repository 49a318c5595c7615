/**
 * What is known of a build from its events: the state that the terminal and the plain log draw from.
 *
 * The state is plain data that `advance` changes in place: a copy per event would cost more than the drawing.
 *
 * @module
 */
import type { Event, StepOutcome } from "../engine/event.ts";

/** A step that is being run. */
export interface RunningStep {
  readonly name: string;
  readonly reason: string;
  readonly sandbox: string;
  readonly startedMs: number;
}

/** A source on its way. */
export interface RunningFetch {
  readonly name: string;
  readonly startedMs: number;
  receivedBytes: number;
  sizeBytes: number | undefined;
  /** Set after a failed attempt. */
  retry: { readonly attempt: number; readonly reason: string } | undefined;
}

/** An image that is being assembled. */
export interface RunningImage {
  readonly name: string;
  readonly packages: number;
  readonly startedMs: number;
  done: number;
}

/** The state. Times are milliseconds on the screen's monotonic clock. */
export interface Progress {
  /** When the first event came. */
  startedMs: number | undefined;
  /** When the last event or tick came; everything drawn is drawn for this moment. */
  nowMs: number;
  targets: readonly string[];
  /** Steps of the build, and how many of them have to run; undefined while no build is under way. */
  steps: { readonly total: number; readonly misses: number } | undefined;
  /** Steps by outcome; "hit" counts those too that were known beforehand, for which no event comes. */
  readonly ended: Record<StepOutcome, number>;
  readonly runningSteps: Map<string, RunningStep>;
  readonly runningImages: Map<string, RunningImage>;
  readonly runningFetches: Map<string, RunningFetch>;
  /** Steps that wait, and for what. */
  readonly waiting: Map<string, string>;
  /** Fetches that began, finished ones included. */
  begunFetches: number;
  readonly fetched: { files: number; bytes: number; retries: number };
  /** Bytes of finished and running fetches. */
  receivedBytes: number;
  /** Received bytes over the last seconds, oldest first. */
  readonly samples: { readonly atMs: number; readonly bytes: number }[];
  /** After "build-end": the next event begins a new count. */
  isOver: boolean;
}

const SAMPLE_EVERY_MS = 250;
const RATE_WINDOW_MS = 5000;

/** The state before the first event. */
export function newProgress(): Progress {
  return {
    startedMs: undefined,
    nowMs: 0,
    targets: [],
    steps: undefined,
    ended: { hit: 0, built: 0, failed: 0, cancelled: 0 },
    runningSteps: new Map(),
    runningImages: new Map(),
    runningFetches: new Map(),
    waiting: new Map(),
    begunFetches: 0,
    fetched: { files: 0, bytes: 0, retries: 0 },
    receivedBytes: 0,
    samples: [],
    isOver: false,
  };
}

/** Takes an event into the state. */
export function advance(progress: Progress, event: Event, nowMs: number): void {
  progress.startedMs ??= nowMs;
  progress.nowMs = nowMs;
  if (progress.isOver) startAnew(progress);
  switch (event.type) {
    case "build-start":
      progress.targets = event.targets;
      progress.steps = { total: event.steps, misses: event.misses };
      progress.ended.hit += event.steps - event.misses;
      break;
    case "build-end":
      // A fetch or an image that failed has no end of its own.
      progress.runningFetches.clear();
      progress.runningImages.clear();
      progress.runningSteps.clear();
      progress.waiting.clear();
      progress.steps = undefined;
      progress.isOver = true;
      break;
    case "step-start":
      progress.waiting.delete(event.name);
      progress.runningSteps.set(event.name, {
        name: event.name,
        reason: event.reason,
        sandbox: event.sandbox,
        startedMs: nowMs,
      });
      break;
    case "step-end":
      progress.waiting.delete(event.name);
      progress.runningSteps.delete(event.name);
      progress.ended[event.outcome]++;
      break;
    case "image-start":
      progress.waiting.delete(event.name);
      progress.runningImages.set(event.name, {
        name: event.name,
        packages: event.packages,
        startedMs: nowMs,
        done: 0,
      });
      break;
    case "image-progress": {
      const image = progress.runningImages.get(event.name);
      if (image !== undefined) image.done = event.done;
      break;
    }
    case "image-end":
      progress.runningImages.delete(event.name);
      break;
    case "waiting":
      progress.waiting.set(event.name, event.reason);
      break;
    case "fetch-start":
    case "fetch-progress":
    case "fetch-retry":
    case "fetch-end":
      advanceFetch(progress, event, nowMs);
      break;
    case "step-output":
    case "sandbox":
    case "drift":
    case "warning":
      break;
  }
}

/** A command may build more than once; each build is summed up by itself. */
function startAnew(progress: Progress): void {
  Object.assign(progress.ended, { hit: 0, built: 0, failed: 0, cancelled: 0 });
  Object.assign(progress.fetched, { files: 0, bytes: 0, retries: 0 });
  progress.begunFetches = 0;
  progress.receivedBytes = 0;
  progress.isOver = false;
}

/** Moves the state's moment on, where no event came. */
export function tick(progress: Progress, nowMs: number): void {
  progress.nowMs = nowMs;
  sample(progress, nowMs);
}

/** Bytes per second over the last five seconds; undefined before there is enough to tell. */
export function fetchRate(progress: Progress): number | undefined {
  const oldest = progress.samples[0];
  if (oldest === undefined) return undefined;
  const elapsedMs = progress.nowMs - oldest.atMs;
  if (elapsedMs < SAMPLE_EVERY_MS) return undefined;
  return (Math.max(0, progress.receivedBytes - oldest.bytes) * 1000) / elapsedMs;
}

/** Milliseconds since the first event. */
export function elapsedMs(progress: Progress): number {
  return progress.startedMs === undefined ? 0 : progress.nowMs - progress.startedMs;
}

type FetchEvent = Extract<Event, { readonly type: `fetch-${string}` }>;

function advanceFetch(progress: Progress, event: FetchEvent, nowMs: number): void {
  progress.waiting.delete(event.name);
  if (event.type === "fetch-start") {
    progress.begunFetches++;
    progress.runningFetches.set(event.name, {
      name: event.name,
      startedMs: nowMs,
      receivedBytes: 0,
      sizeBytes: event.sizeBytes,
      retry: undefined,
    });
    sample(progress, nowMs);
    return;
  }
  const fetch = progress.runningFetches.get(event.name);
  switch (event.type) {
    case "fetch-progress":
      if (fetch === undefined) return;
      progress.receivedBytes += event.receivedBytes - fetch.receivedBytes;
      fetch.receivedBytes = event.receivedBytes;
      fetch.sizeBytes = event.sizeBytes ?? fetch.sizeBytes;
      fetch.retry = undefined;
      sample(progress, nowMs);
      break;
    case "fetch-retry":
      progress.fetched.retries++;
      if (fetch !== undefined) fetch.retry = { attempt: event.attempt, reason: event.reason };
      break;
    case "fetch-end":
      progress.runningFetches.delete(event.name);
      progress.receivedBytes += event.sizeBytes - (fetch?.receivedBytes ?? 0);
      progress.fetched.files++;
      progress.fetched.bytes += event.sizeBytes;
      break;
  }
}

function sample(progress: Progress, nowMs: number): void {
  const { samples } = progress;
  if (progress.runningFetches.size === 0) {
    samples.length = 0;
    return;
  }
  const last = samples.at(-1);
  if (last !== undefined && nowMs - last.atMs < SAMPLE_EVERY_MS) return;
  samples.push({ atMs: nowMs, bytes: progress.receivedBytes });
  while ((samples[0]?.atMs ?? nowMs) < nowMs - RATE_WINDOW_MS) samples.shift();
}
