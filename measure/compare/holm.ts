/**
 * p-values adjusted for there being several, by Holm's step-down method ("A simple sequentially rejective multiple test
 * procedure", 1979): compared with a level, they keep the chance of any false alarm below it. In the given order.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, index) => index).sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = new Array<number>(ps.length);
  let largest = 0;
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * ps[index]!));
    adjusted[index] = largest;
  }
  return adjusted;
}
