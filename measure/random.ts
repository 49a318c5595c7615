/** A stream of uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * A seeded generator: the same seed gives the same stream on every machine, so an interval computed again is the
 * interval in the report.
 *
 * xoshiro128** 1.1 by Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2018), seeded through
 * SplitMix-style mixing so that small seeds give unrelated streams. Not for cryptography.
 */
export function seededRandom(seed: number): Random {
  const state = seedState(seed);
  return () => {
    const [s0, s1, s2, s3] = state as unknown as [number, number, number, number];
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9);
    state[2] = s2 ^ s0;
    state[3] = s3 ^ s1;
    state[1] = s1 ^ state[2];
    state[0] = s0 ^ state[3];
    state[2] ^= s1 << 9;
    state[3] = rotateLeft(state[3], 11);
    return (result >>> 0) / 2 ** 32;
  };
}

function seedState(seed: number): Uint32Array {
  const state = new Uint32Array(4);
  let x = seed >>> 0;
  for (let i = 0; i < state.length; i++) {
    x = (x + 0x9e3779b9) >>> 0;
    let z = x;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    state[i] = z ^ (z >>> 16);
  }
  return state;
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}
