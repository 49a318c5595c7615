/**
 * The live part of the terminal: a headline, and a line for each thing that runs. Pure: a state and a size in, lines
 * out.
 *
 * @module
 */
import { displayWidth } from "./_display_width.ts";
import { targetNames } from "./_summary.ts";
import { cleanLine } from "./clean.ts";
import { formatBytes, formatElapsed, formatPercent, formatRate } from "./format.ts";
import { elapsedMs, fetchRate, type Progress, type RunningFetch } from "./progress.ts";
import { paintSpans, PLAIN_STYLE, type Span, span, type Style } from "./style.ts";

/** The room there is. */
export interface ViewSize {
  readonly columns: number;
  readonly rows: number;
}

/** Up to so many fetches have a line each; with more, they share one. */
const FEW_FETCHES = 3;
/** Up to so many things that wait have a line each. */
const FEW_WAITING = 3;
/** A fetch of this size keeps its own line among many. */
const LARGE_FETCH_BYTES = 16_000_000;
const MAX_NAME = 32;

interface Row {
  readonly name: string;
  readonly text: string;
  readonly facts: string;
}

/** The live lines for this moment; none while nothing runs. */
export function renderLive(progress: Progress, size: ViewSize, style: Style = PLAIN_STYLE): string[] {
  // The last column stays free: some terminals wrap when it is written.
  const width = Math.max(1, size.columns - 1);
  const room = Math.max(1, size.rows - 2);
  const { rows, hidden } = liveRows(progress, room);
  const headline = headlineSpans(progress);
  const lines = headline === undefined ? [] : [paintSpans(headline, width, style)];
  const nameWidth = Math.min(MAX_NAME, Math.max(0, ...rows.map((row) => displayWidth(row.name))));
  for (const row of rows) lines.push(paintSpans(rowSpans(row, nameWidth, width), width, style));
  if (hidden > 0) lines.push(paintSpans([span(`  and ${hidden} more`, "dim")], width, style));
  return lines;
}

function headlineSpans(progress: Progress): Span[] | undefined {
  if (progress.steps === undefined) return undefined;
  const { hit, built, failed, cancelled } = progress.ended;
  const done = hit + built + failed + cancelled;
  return [
    span(targetNames(progress.targets), "strong"),
    span(`  ${done}/${Math.max(done, progress.steps.total)} steps`),
    ...(failed > 0 ? [span(`  ${failed} failed`, "bad")] : []),
    span(`  ${formatElapsed(elapsedMs(progress))}`, "dim"),
  ];
}

/** What runs, at most `room` rows; building the text of rows that nobody sees would cost time. */
function liveRows(progress: Progress, room: number): { rows: Row[]; hidden: number } {
  const makers: (() => Row)[] = [];
  for (const step of progress.runningSteps.values()) {
    makers.push(() => ({
      name: step.name,
      text: step.reason,
      facts: formatElapsed(progress.nowMs - step.startedMs),
    }));
  }
  for (const image of progress.runningImages.values()) {
    makers.push(() => ({
      name: `image ${image.name}`,
      text: `${image.done}/${image.packages} packages  ${formatPercent(image.done, image.packages)}`,
      facts: formatElapsed(progress.nowMs - image.startedMs),
    }));
  }
  makers.push(...fetchRows(progress));
  makers.push(...waitingRows(progress));
  const shown = makers.length > room ? room - 1 : makers.length;
  return {
    rows: makers.slice(0, Math.max(0, shown)).map((make) => cleanRow(make())),
    hidden: makers.length - shown,
  };
}

function cleanRow({ name, text, facts }: Row): Row {
  return { name: cleanLine(name).replaceAll("\t", " "), text: cleanLine(text).replaceAll("\t", " "), facts };
}

function fetchRows(progress: Progress): (() => Row)[] {
  if (progress.runningFetches.size === 0) return [];
  const running = [...progress.runningFetches.values()];
  if (progress.begunFetches <= FEW_FETCHES) return running.map((fetch) => () => fetchRow(progress, fetch));
  const large = running.filter((fetch) => (fetch.sizeBytes ?? 0) >= LARGE_FETCH_BYTES).slice(0, FEW_FETCHES);
  return [() => fetchTotal(progress), ...large.map((fetch) => () => fetchRow(progress, fetch))];
}

function waitingRows(progress: Progress): (() => Row)[] {
  const waiting = [...progress.waiting];
  if (waiting.length <= FEW_WAITING) {
    return waiting.map(([name, reason]) => () => ({ name, text: `waiting: ${reason}`, facts: "" }));
  }
  const [first = "", reason = ""] = waiting[0] ?? [];
  return [
    () => ({ name: "waiting", text: `${waiting.length} things, first ${first}: ${reason}`, facts: "" }),
  ];
}

function fetchRow(progress: Progress, fetch: RunningFetch): Row {
  const { receivedBytes, sizeBytes } = fetch;
  const elapsed = progress.nowMs - fetch.startedMs;
  const parts = sizeBytes === undefined
    ? [formatBytes(receivedBytes)]
    : [`${formatBytes(receivedBytes)} of ${formatBytes(sizeBytes)}`, formatPercent(receivedBytes, sizeBytes)];
  if (fetch.retry !== undefined) parts.push(`attempt ${fetch.retry.attempt}: ${fetch.retry.reason}`);
  else if (elapsed >= 1000 && receivedBytes > 0) parts.push(formatRate((receivedBytes * 1000) / elapsed));
  return { name: `fetch ${fetch.name}`, text: parts.join("  "), facts: formatElapsed(elapsed) };
}

function fetchTotal(progress: Progress): Row {
  const rate = fetchRate(progress);
  const parts = [
    `${progress.runningFetches.size} running`,
    `${progress.fetched.files} done`,
    formatBytes(progress.receivedBytes),
    ...(rate === undefined ? [] : [formatRate(rate)]),
  ];
  return { name: "fetch", text: parts.join("  "), facts: "" };
}

/** The facts stand at the end of the text and survive when the text is cut. */
function rowSpans(row: Row, nameWidth: number, width: number): Span[] {
  const padded = row.name + " ".repeat(Math.max(0, nameWidth - displayWidth(row.name)));
  const facts = row.facts === "" ? "" : `  ${row.facts}`;
  const room = width - 4 - displayWidth(padded) - displayWidth(facts);
  const fitted = room < 4 ? "" : paintSpans([span(row.text)], room, PLAIN_STYLE);
  return [span("  "), span(padded), span("  "), span(fitted, "dim"), span(facts)];
}
