/**
 * Debian's ordering of package versions (deb-version(7), Debian Policy 5.6.12).
 *
 * @module
 */

/** Negative if `a` is older than `b`, positive if newer, zero if they are the same version. */
export function compareDebianVersions(a: string, b: string): number {
  const left = split(a);
  const right = split(b);
  return left.epoch - right.epoch || compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision);
}

/** `[epoch:]upstream[-revision]`: an absent epoch is 0, an absent revision equals "0". */
function split(version: string): { epoch: number; upstream: string; revision: string } {
  const colon = version.indexOf(":");
  const epoch = colon < 0 ? 0 : Number(version.slice(0, colon));
  const rest = version.slice(colon + 1);
  const hyphen = rest.lastIndexOf("-");
  return hyphen < 0
    ? { epoch, upstream: rest, revision: "" }
    : { epoch, upstream: rest.slice(0, hyphen), revision: rest.slice(hyphen + 1) };
}

/** Compares by turns a stretch of non-digits and a number, as long as something is left of either. */
function compareParts(a: string, b: string): number {
  let left = a;
  let right = b;
  while (left !== "" || right !== "") {
    const [textA = ""] = /^\D*/.exec(left) ?? [];
    const [textB = ""] = /^\D*/.exec(right) ?? [];
    const byText = compareText(textA, textB);
    if (byText !== 0) return byText;
    left = left.slice(textA.length);
    right = right.slice(textB.length);
    const [digitsA = ""] = /^\d*/.exec(left) ?? [];
    const [digitsB = ""] = /^\d*/.exec(right) ?? [];
    const byNumber = compareNumbers(digitsA, digitsB);
    if (byNumber !== 0) return byNumber;
    left = left.slice(digitsA.length);
    right = right.slice(digitsB.length);
  }
  return 0;
}

function compareText(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = weight(a[index]) - weight(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A tilde comes before the end, the end before letters, letters before all else. */
function weight(character: string | undefined): number {
  if (character === "~") return -1;
  if (character === undefined) return 0;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}

/** By value, of any length: dates and commit counts outgrow safe integers. */
function compareNumbers(a: string, b: string): number {
  const left = a.replace(/^0+/, "");
  const right = b.replace(/^0+/, "");
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}
