/**
 * Differences between two short texts, line by line.
 *
 * @module
 */

/** One line of a difference: kept, gone or new; "gap" stands for lines left out. */
export interface DiffLine {
  readonly kind: "same" | "removed" | "added" | "gap";
  readonly text: string;
}

/** Beyond so many pairs of lines the middle is shown as replaced whole. */
const MAX_PAIRS = 1_000_000;

/**
 * The lines that differ, with a little of what stands around them. By longest common subsequence.
 *
 * @param context unchanged lines shown before and after a change
 */
export function diffLines(before: string, now: string, context = 1): DiffLine[] {
  const old = linesOf(before);
  const current = linesOf(now);
  let head = 0;
  while (head < old.length && head < current.length && old[head] === current[head]) head++;
  let tail = 0;
  const rest = Math.min(old.length, current.length) - head;
  while (tail < rest && old.at(-1 - tail) === current.at(-1 - tail)) tail++;
  const middle = diffMiddle(old.slice(head, old.length - tail), current.slice(head, current.length - tail));
  const same = (text: string): DiffLine => ({ kind: "same", text });
  const whole = [...old.slice(0, head).map(same), ...middle, ...old.slice(old.length - tail).map(same)];
  return leaveOut(whole, context);
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function diffMiddle(old: readonly string[], current: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ kind: "removed", text });
  const added = (text: string): DiffLine => ({ kind: "added", text });
  if (old.length * current.length > MAX_PAIRS) return [...old.map(removed), ...current.map(added)];
  const common = commonLengths(old, current);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < current.length) {
    if (i < old.length && j < current.length && old[i] === current[j]) {
      lines.push({ kind: "same", text: old[i]! });
      i++;
      j++;
    } else if (j >= current.length || (i < old.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push(removed(old[i++]!));
    } else {
      lines.push(added(current[j++]!));
    }
  }
  return lines;
}

/** `table[i][j]`: length of the longest common subsequence of `old` from i on and `current` from j on. */
function commonLengths(old: readonly string[], current: readonly string[]): Uint32Array[] {
  const table = Array.from({ length: old.length + 1 }, () => new Uint32Array(current.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = current.length - 1; j >= 0; j--) {
      table[i]![j] = old[i] === current[j]
        ? table[i + 1]![j + 1]! + 1
        : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  return table;
}

function leaveOut(lines: readonly DiffLine[], context: number): DiffLine[] {
  const near = lines.map(() => false);
  lines.forEach(({ kind }, index) => {
    if (kind === "same") return;
    for (let k = Math.max(0, index - context); k <= Math.min(lines.length - 1, index + context); k++) {
      near[k] = true;
    }
  });
  const shown: DiffLine[] = [];
  lines.forEach((line, index) => {
    if (near[index]) shown.push(line);
    else if (shown.length > 0 && shown.at(-1)?.kind !== "gap") shown.push({ kind: "gap", text: "" });
  });
  if (shown.at(-1)?.kind === "gap") shown.pop();
  return shown;
}
