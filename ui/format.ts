/**
 * How numbers, times and tables read. Sizes are 1000-based (kB, MB, GB), as apt, npm and disk makers count; the
 * sizes in the docs are the same.
 *
 * @module
 */
import { displayWidth, truncate } from "./_display_width.ts";

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** A size with three significant digits: `999 B`, `1.23 kB`, `45.6 MB`, `348 MB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would be printed as "1000", so the step to the next unit comes before it.
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : threeDigits(value)} ${BYTE_UNITS[unit]}`;
}

/** A rate: `12.4 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** How long something took: `412 ms`, `41.2 s`, `2 min 03 s`, `1 h 02 min`. */
export function formatDuration(ms: number): string {
  const rounded = Math.max(0, Math.round(ms));
  if (rounded < 1000) return `${rounded} ms`;
  if (rounded < 59_950) return `${(rounded / 1000).toFixed(1)} s`;
  return formatElapsed(rounded + 500);
}

/** How long something has been running, in whole seconds: `41 s`, `2 min 03 s`, `1 h 02 min`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** When something was: `just now`, `5 min ago`, `3 h ago`, else the day: `on 2026-09-30`. */
export function formatAge(timeMs: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - timeMs) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `on ${new Date(timeMs).toISOString().slice(0, 10)}`;
}

/** Minutes and seconds for the margin of a log: `0:41`, `2:03`, `62:10`. */
export function formatStopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${twoDigits(seconds % 60)}`;
}

/** A share of a whole, never above 100 and never 100 before the end: `0 %`, `46 %`, `99 %`, `100 %`. */
export function formatPercent(done: number, total: number): string {
  if (total <= 0 || done >= total) return "100 %";
  return `${Math.max(0, Math.min(99, Math.floor((done / total) * 100)))} %`;
}

/** A count with its noun: `1 file`, `480 files`, `12,345 files`. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${groupThousands(count)} ${count === 1 ? noun : plural}`;
}

/** Breaks text into lines of at most `width` columns, at spaces; a longer word stays whole. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  return lines;
}

/** How a table is laid out. */
export interface TableOptions {
  /** One letter per column: `l` for left (default) or `r` for right. */
  readonly align?: string;
  /** Columns of the terminal; the last cell of a row is cut to fit. No limit if absent. */
  readonly width?: number;
  /** What stands between two columns. */
  readonly gap?: string;
}

/** Lays out rows in columns; trailing spaces are removed. */
export function layoutTable(rows: readonly (readonly string[])[], options: TableOptions = {}): string[] {
  const gap = options.gap ?? "  ";
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
    });
  }
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const padding = " ".repeat((widths[column] ?? 0) - displayWidth(cell));
      return options.align?.[column] === "r" ? padding + cell : cell + padding;
    });
    const line = cells.join(gap).trimEnd();
    return options.width === undefined ? line : truncate(line, options.width);
  });
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  if (value < 99.95) return value.toFixed(1);
  return value.toFixed(0);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

function groupThousands(value: number): string {
  return String(Math.trunc(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}
