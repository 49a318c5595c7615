/**
 * One way to write a value as JSON, so that equal values have equal digests: keys sorted by code point, no spaces,
 * only what JSON can carry. A subset of RFC 8785 (numbers are limited to safe integers, which is all the engine needs).
 *
 * @module
 */

/** What can be hashed. `undefined` members are left out, as in `JSON.stringify`. */
export type Json = null | boolean | number | string | readonly Json[] | {
  readonly [key: string]: Json | undefined;
};

/**
 * The canonical JSON text of a value.
 *
 * @throws {TypeError} if the value holds a fraction, a non-finite number or something that JSON has no word for
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) {
      throw new TypeError(`Cannot hash the number ${value}: not a safe integer`);
    }
    return String(value === 0 ? 0 : value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item as Json)).join(",")}]`;
  if (typeof value !== "object") throw new TypeError(`Cannot hash a value of type ${typeof value}`);
  const record = value as { readonly [key: string]: Json | undefined };
  const members: string[] = [];
  for (const key of Object.keys(record).sort(byCodePoint)) {
    const member = record[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(",")}}`;
}

/** Orders strings by code point, the same on every machine and in every locale. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    // Surrogates stand for code points above all others of the basic plane.
    return (rank(left) - rank(right)) || (left - right);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? 1 : 0;
}
