/**
 * Differences of bytes that nothing more is known about.
 *
 * @module
 */

/** Bytes of a hex line. */
const LINE_BYTES = 16;

/** Where two byte strings differ first, with a hex line of each, and how many bytes differ. */
export function describeBytes(before: Uint8Array, now: Uint8Array): string[] {
  const shorter = Math.min(before.length, now.length);
  let first = 0;
  while (first < shorter && before[first] === now[first]) first++;
  if (first === before.length && first === now.length) return [];
  let count = Math.abs(before.length - now.length);
  for (let index = first; index < shorter; index++) if (before[index] !== now[index]) count++;
  const sizes = before.length === now.length
    ? `${before.length} bytes`
    : `${before.length} bytes before, ${now.length} now`;
  const start = first - first % LINE_BYTES;
  return [
    `${count} bytes differ of ${sizes}, the first at offset ${hex(first, 1)}`,
    `  - ${hexLine(before, start)}`,
    `  + ${hexLine(now, start)}`,
  ];
}

function hexLine(bytes: Uint8Array, start: number): string {
  const line = bytes.subarray(start, start + LINE_BYTES);
  const digits = [...line].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const text = [...line].map((byte) => byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".").join(
    "",
  );
  return `${hex(start, 8)}  ${digits.padEnd(LINE_BYTES * 3 - 1)}  ${text}`.trimEnd();
}

function hex(value: number, width: number): string {
  return `0x${value.toString(16).padStart(width, "0")}`;
}
