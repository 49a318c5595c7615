/**
 * Takes secrets out of a stream of bytes, wherever it is cut into chunks.
 *
 * Of what came, only the bytes that may be the beginning of a secret are held back: time is linear in the length of the
 * stream, memory is bounded by the longest secret, and a line that holds none of its first letters passes at once.
 *
 * @module
 */
import type { Automaton } from "./automaton.ts";

/** What to look for; made anew when a secret becomes known. */
export interface Patterns {
  readonly literal: Automaton;
  readonly wrapped: Automaton;
  /** Bytes that no pattern begins with are 1. */
  readonly harmless: Uint8Array;
}

/** What stands in place of a secret. */
export const MASK = "***";

const MASK_BYTES = new TextEncoder().encode(MASK);
const NEWLINE = 10;
const RETURN = 13;
/** A line break has at most two bytes; what follows after more belongs to something else. */
const MAX_BREAK = 2;

/** See the module's text. Positions count from the beginning of the stream. */
export class MaskingStream {
  readonly #patterns: () => Patterns;
  #known: Patterns;
  /** Bytes that are not given out yet, from `#from` to `#to` in `#buffer`. */
  #buffer = new Uint8Array(4096);
  #from = 0;
  #to = 0;
  /** Position of the first of them. */
  #position = 0;
  /** Position behind the last byte that was looked at. */
  #seen = 0;
  #literal = 0;
  #wrapped = 0;
  /** Bytes of a line break since the last character that counted. */
  #breakLength = 0;
  /** Positions of the last characters that counted for the wrapped forms, as a ring. */
  #places: Float64Array;
  #placeCount = 0;
  /** Secrets found and not given out, as [start, end), in order and apart from each other. */
  #found: Array<[start: number, end: number]> = [];
  #maskedTo = -1;
  #hasMasked = false;

  /** @param patterns asked before each chunk: secrets become known while a stream is under way */
  constructor(patterns: () => Patterns) {
    this.#patterns = patterns;
    this.#known = patterns();
    this.#places = placesFor(this.#known);
  }

  /** Whether anything was masked so far. */
  get hasMasked(): boolean {
    return this.#hasMasked;
  }

  /** What can be given out after this chunk; a copy, so the chunk's memory may be used again. */
  push(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
    const known = this.#patterns();
    if (known !== this.#known) this.#learn(known);
    this.#append(chunk);
    this.#scan(chunk);
    return this.#give(this.#decided());
  }

  /** What is left at the end of the stream; the next one may begin. */
  end(): Uint8Array<ArrayBuffer> {
    const rest = this.#give(this.#seen);
    this.#forget();
    return rest;
  }

  #scan(bytes: Uint8Array): void {
    const { literal, wrapped, harmless } = this.#known;
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] ?? 0;
      if (this.#literal === 0 && this.#wrapped === 0 && harmless[byte] === 1) continue;
      const position = this.#seen + index;
      this.#literal = literal.next(this.#literal, byte);
      const length = literal.matchAt(this.#literal);
      if (length > 0) this.#find(position + 1 - length, position + 1);
      if (byte === NEWLINE || byte === RETURN) {
        if (++this.#breakLength > MAX_BREAK) this.#wrapped = 0;
        continue;
      }
      this.#breakLength = 0;
      this.#wrapped = wrapped.next(this.#wrapped, byte);
      this.#places[this.#placeCount++ % this.#places.length] = position;
      const characters = wrapped.matchAt(this.#wrapped);
      if (characters > 0) this.#find(this.#placeOf(characters), position + 1);
    }
    this.#seen += bytes.length;
  }

  /** Position of the n-th last character that counted. */
  #placeOf(count: number): number {
    return this.#places[(this.#placeCount - count) % this.#places.length] ?? 0;
  }

  #find(start: number, end: number): void {
    this.#hasMasked = true;
    let from = start;
    for (let last = this.#found.at(-1); last !== undefined && last[1] >= start; last = this.#found.at(-1)) {
      from = Math.min(from, last[0]);
      this.#found.pop();
    }
    this.#found.push([from, end]);
  }

  /** Position before which no secret can begin any more. */
  #decided(): number {
    const { literal, wrapped } = this.#known;
    const characters = wrapped.depth(this.#wrapped);
    return Math.min(
      this.#seen - literal.depth(this.#literal),
      characters === 0 ? this.#seen : this.#placeOf(characters),
    );
  }

  #give(end: number): Uint8Array<ArrayBuffer> {
    const parts: Uint8Array[] = [];
    while (this.#position < end) {
      const [start, stop] = this.#found[0] ?? [end, end];
      if (this.#position < start) parts.push(this.#take(Math.min(start, end)));
      if (start >= end) continue;
      // One mask for secrets that touch, and for one that is given out in pieces.
      if (this.#maskedTo !== start && this.#maskedTo !== this.#position) parts.push(MASK_BYTES);
      this.#take(Math.min(stop, end));
      this.#maskedTo = this.#position;
      if (stop <= end) this.#found.shift();
    }
    return joined(parts);
  }

  /** Bytes up to a position, as they are. */
  #take(end: number): Uint8Array {
    const bytes = this.#buffer.slice(this.#from, this.#from + end - this.#position);
    this.#from += bytes.length;
    this.#position = end;
    return bytes;
  }

  #append(chunk: Uint8Array): void {
    const held = this.#to - this.#from;
    if (this.#to + chunk.length > this.#buffer.length) {
      // Moved only when the room behind is used up: each byte is moved a constant number of times.
      const room = Math.max(this.#buffer.length, 2 * (held + chunk.length));
      const next = room > this.#buffer.length ? new Uint8Array(room) : this.#buffer;
      next.set(this.#buffer.subarray(this.#from, this.#to));
      this.#buffer = next;
      this.#from = 0;
      this.#to = held;
    }
    this.#buffer.set(chunk, this.#to);
    this.#to += chunk.length;
  }

  /** What is held back may be the beginning of a secret that was not known when it came. */
  #learn(known: Patterns): void {
    this.#known = known;
    const held = this.#buffer.slice(this.#from, this.#to);
    this.#forget();
    this.#seen = this.#position;
    this.#scan(held);
  }

  #forget(): void {
    this.#literal =
      this.#wrapped =
      this.#breakLength =
      this.#placeCount =
        0;
    this.#places = placesFor(this.#known);
  }
}

function placesFor({ wrapped }: Patterns): Float64Array {
  return new Float64Array(wrapped.longest + 1);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
