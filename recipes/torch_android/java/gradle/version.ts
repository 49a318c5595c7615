/**
 * Order of versions, as Gradle has it.
 *
 * @module
 */

/** Words that stand for releases to come, and the order Gradle gives them; any other word is before all of these. */
const WORDS = ["", "rc", "snapshot", "final", "ga", "release", "sp"];

/**
 * Compares two versions as Gradle does when modules ask for different ones; above zero if the first is newer.
 * See "Version ordering" in Gradle's user guide.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one, other] = [left[at], right[at]];
    if (one === undefined) return isNumber(other ?? "") ? -1 : 1;
    if (other === undefined) return isNumber(one) ? 1 : -1;
    const order = compareParts(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

function partsOf(version: string): string[] {
  return version.split(/[._+-]|(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)/i);
}

function compareParts(a: string, b: string): number {
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b);
  if (isNumber(a)) return 1;
  if (isNumber(b)) return -1;
  const order = rank(a) - rank(b);
  if (order !== 0) return order;
  return a === b ? 0 : a < b ? -1 : 1;
}

function rank(word: string): number {
  const lower = word.toLowerCase();
  if (lower === "dev") return -1;
  return Math.max(0, WORDS.indexOf(lower));
}

function isNumber(part: string): boolean {
  return /^\d+$/.test(part);
}
