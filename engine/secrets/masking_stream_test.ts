import { describe, expect, it } from "vitest";
import { crashRuns, crashSeed, Random } from "../../tests/crash/_random.ts";
import { formsOf } from "./encodings.ts";
import { MASK } from "./masking_stream.ts";
import { Secrets } from "./secrets.ts";

const encoder = new TextEncoder();
const RUNS = crashRuns(300);
/** Few letters, so that texts hold many beginnings of secrets. */
const ALPHABET = 'ab/+ =%\n"ä€';

describe("MaskingStream", () => {
  it(`masks the same however the stream is cut, and leaves no secret in any form (${RUNS} runs)`, () => {
    const seed = crashSeed();
    const random = new Random(seed);
    let masks = 0;
    for (let run = 0; run < RUNS; run++) {
      const values = Array.from({ length: 1 + random.below(4) }, () => textOf(random, 6 + random.below(60)));
      const secrets = new Secrets(values);
      const text = Array.from({ length: 30 }, () => pieceOf(random, values)).join("");
      const bytes = encoder.encode(text);
      const whole = throughStream(secrets, bytes, () => bytes.length);
      const cut = throughStream(secrets, bytes, () => random.below(1 + random.below(40)));
      const single = throughStream(secrets, bytes, () => 1);
      const what = `seed ${seed}, run ${run}`;
      expect([what, cut, single]).toEqual([what, whole, whole]);
      expect([what, whole]).toEqual([what, expectedMask(bytes, values)]);
      masks += whole.split(MASK).length - 1;
    }
    expect(masks).toBeGreaterThan(RUNS);
  });

  it("gives out at once what cannot become a secret, and holds back no more than it must", () => {
    const stream = new Secrets(["hunter2-hunter2"]).stream();
    expect(textFrom(stream.push(encoder.encode("a line\n")))).toBe("a line\n");
    expect(textFrom(stream.push(encoder.encode("then hunter2-")))).toBe("then ");
    expect(textFrom(stream.push(encoder.encode("hunter2 was")))).toBe("*** was");
    expect(textFrom(stream.push(encoder.encode(" and hun")))).toBe(" and ");
    expect(textFrom(stream.end())).toBe("hun");
  });

  it("knows a secret that is added while the stream is under way, in what it still holds and what follows", () => {
    const secrets = new Secrets(["hunter2-hunter2"]);
    const stream = secrets.stream();
    expect(textFrom(stream.push(encoder.encode("my hunter2-hun")))).toBe("my ");
    secrets.add("hunter2-hungry");
    expect(textFrom(stream.push(encoder.encode("gry dog")))).toBe("*** dog");
  });

  it("keeps a bounded amount of a stream that looks like a secret without end", () => {
    const secrets = new Secrets(["a".repeat(500)]);
    const stream = secrets.stream();
    const chunk = encoder.encode("a".repeat(1000));
    let length = 0;
    for (let count = 0; count < 2000; count++) length += stream.push(chunk).length;
    expect(length).toBe(MASK.length);
    expect(textFrom(stream.push(encoder.encode("!")))).toBe("!");
    const breaks = new Secrets(["abcdefghi"]).stream();
    let held = breaks.push(encoder.encode(btoa("abcdefghi").slice(0, 5))).length;
    for (let count = 0; count < 2000; count++) held += breaks.push(encoder.encode("\n")).length;
    expect(held).toBeGreaterThan(1990);
  });

  it("takes time in proportion to the length, in chunks of one byte too", () => {
    const secrets = new Secrets([`${"a".repeat(2000)}b`]);
    const timeOf = (length: number) => {
      const chunk = encoder.encode("a");
      const started = performance.now();
      const stream = secrets.stream();
      for (let index = 0; index < length; index++) stream.push(chunk);
      stream.end();
      return performance.now() - started;
    };
    timeOf(20_000);
    // Quadratic would be 16 times as long and more; a busy machine must not matter.
    expect(Math.min(timeOf(400_000), timeOf(400_000)) / Math.max(timeOf(100_000), 1)).toBeLessThan(10);
  });
});

/** Passes bytes through a stream in chunks of the lengths that are asked for. */
function throughStream(secrets: Secrets, bytes: Uint8Array, nextLength: () => number): string {
  const stream = secrets.stream();
  const parts: Uint8Array[] = [];
  // One memory for all chunks, as the sandbox has it.
  const memory = new Uint8Array(bytes.length);
  for (let offset = 0; offset < bytes.length;) {
    const part = bytes.subarray(offset, offset + nextLength());
    memory.set(part);
    parts.push(stream.push(memory.subarray(0, part.length)));
    memory.fill(0);
    offset += part.length;
  }
  parts.push(stream.end());
  return textFrom(...parts);
}

/** The slow and simple way: look for every form at every place. */
function expectedMask(bytes: Uint8Array, values: readonly string[]): string {
  const masked = new Uint8Array(bytes.length);
  const usable = values.flatMap((value) => [value.trim(), ...value.split("\n").map((line) => line.trim())])
    .filter((value) => value.length >= 6);
  for (const { literal, wrapped } of usable.map(formsOf)) {
    for (let start = 0; start < bytes.length; start++) {
      for (const form of literal) mark(bytes, masked, { start, form, mayBreak: false });
      for (const form of wrapped) mark(bytes, masked, { start, form, mayBreak: true });
    }
  }
  const kept: number[] = [];
  bytes.forEach((byte, index) => {
    if (masked[index] === 0) kept.push(byte);
    else if (index === 0 || masked[index - 1] === 0) kept.push(...encoder.encode(MASK));
  });
  return textFrom(new Uint8Array(kept));
}

function mark(
  bytes: Uint8Array,
  masked: Uint8Array,
  { start, form, mayBreak }: { start: number; form: Uint8Array; mayBreak: boolean },
): void {
  let index = start;
  for (let at = 0; at < form.length; at++, index++) {
    for (let breaks = 0; mayBreak && at > 0 && breaks < 2 && bytes[index] === 10; breaks++) index++;
    if (bytes[index] !== form[at]) return;
  }
  masked.fill(1, start, index);
}

function textOf(random: Random, length: number): string {
  return Array.from({ length }, () => [...ALPHABET][random.below([...ALPHABET].length)]).join("");
}

function pieceOf(random: Random, values: readonly string[]): string {
  const value = random.pick(values);
  const { literal, wrapped } = formsOf(value);
  const form = textFrom(random.pick([...literal, ...wrapped]));
  switch (random.below(6)) {
    case 0:
      return textOf(random, random.below(20));
    case 1:
      return form.slice(0, random.below(form.length));
    case 2:
      return textFrom(random.pick(wrapped)).replace(/.{7}/g, "$&\n");
    case 3:
      return btoa(String.fromCharCode(...encoder.encode(textOf(random, random.below(5)) + value)));
    case 4:
      return value;
    default:
      return form;
  }
}

function textFrom(...parts: readonly Uint8Array[]): string {
  const bytes = new Uint8Array(parts.flatMap((part) => [...part]));
  return new TextDecoder().decode(bytes);
}
