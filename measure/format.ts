/** A time with three significant digits: `7.75 µs`, `0.112 ms`, `31.4 ms`, `268 ms`, `1.45 s`, `2 min 27 s`. */
export function formatMs(ms: number): string {
  if (ms > 0 && ms < 0.09995) return `${significant(ms * 1000)} µs`;
  if (ms < 999.5) return `${significant(ms)} ms`;
  if (ms < 59_950) return `${significant(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  const parts = [[Math.floor(seconds / 3600), "h"], [Math.floor(seconds / 60) % 60, "min"], [
    seconds % 60,
    "s",
  ]];
  return parts.filter(([value]) => value !== 0).map(([value, unit]) => `${value} ${unit}`).join(" ");
}

/** An error figure: `2.1e-9`, `0.45`; `0` if it is exactly zero, a dash if it could not be computed. */
export function formatError(value: number | null, digits = 2): string {
  if (value === null) return "–";
  if (value === 0) return "0";
  return value >= 0.01 && value < 1000 ? value.toPrecision(digits) : value.toExponential(digits - 1);
}

/**
 * A cosine similarity. Close to 1 the distance from 1 is what tells: `1 - 3.2e-8`, since rounding to `1.000000` would
 * hide it.
 */
export function formatCosine(value: number | null): string {
  if (value === null) return "–";
  if (value === 1) return "1";
  return value > 0.999 ? `1 − ${(1 - value).toExponential(1)}` : value.toFixed(4);
}

/** A ratio with three significant digits and no exponent: `0.104`, `1.00`, `9.81`, `112`. */
export function formatRatio(ratio: number): string {
  return significant(ratio);
}

/** What a comparison comes to, in words. */
export function verdictWord(verdict: "faster" | "slower" | "no-difference" | "invalid"): string {
  switch (verdict) {
    case "faster":
    case "slower":
      return verdict;
    case "no-difference":
      return "no difference";
    case "invalid":
      return "no verdict";
  }
}

/** A size in binary units: `13.6 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (bytes >= 1023.5 && unit < units.length - 1) [bytes, unit] = [bytes / 1024, unit + 1];
  return `${unit === 0 ? bytes : significant(bytes)} ${units[unit]}`;
}

/** `2026-03-14 09:26 UTC` of an ISO time. */
export function formatTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** `1 model`, `2 models`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

/** Three significant digits without exponent, trailing zeros kept: `31.4`, `30.0`, `0.112`, `1020`. */
function significant(value: number): string {
  if (value === 0) return "0";
  return value >= 999.5 ? value.toFixed(0) : value.toPrecision(3);
}
