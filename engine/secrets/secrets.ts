/**
 * What must not be told: values to take out of logs, events, errors and documents, in every usual encoding.
 *
 * @module
 */
import type { Event, EventSink } from "../event.ts";
import { Automaton } from "./automaton.ts";
import { formsOf } from "./encodings.ts";
import { MaskingStream, type Patterns } from "./masking_stream.ts";

/** Values shorter than this are not masked: they occur by chance. */
export const MIN_SECRET_LENGTH = 6;

/** Words that stand in variables such as `NPM_CONFIG_STRICT_SSL_KEY` and everywhere else. */
const EVERYDAY = new Set([
  ...["default", "disable", "disabled", "enable", "enabled", "ignore", "optional", "required", "undefined"],
]);

/** See the module's text. Grows while a command runs: a password read from a file, a token that a server gave. */
export class Secrets {
  readonly #values = new Set<string>();
  #patterns: Patterns | undefined;

  constructor(values: Iterable<string> = []) {
    for (const value of values) this.add(value);
  }

  /** Masks a value from now on. One of several lines is masked line by line too, as logs show it. */
  add(value: string): void {
    for (const text of [value.trim(), ...value.split(/\r?\n/).map((line) => line.trim())]) {
      if (text.length < MIN_SECRET_LENGTH || EVERYDAY.has(text.toLowerCase()) || this.#values.has(text)) {
        continue;
      }
      this.#values.add(text);
      this.#patterns = undefined;
    }
  }

  /** A stream of its own for each thing that is masked chunk by chunk. */
  stream(): MaskingStream {
    return new MaskingStream(() => this.#current());
  }

  /** A text with secrets masked; the same where it holds none. */
  mask(text: string): string {
    if (this.#values.size === 0) return text;
    const stream = this.stream();
    const head = stream.push(new TextEncoder().encode(text));
    const rest = stream.end();
    if (!stream.hasMasked) return text;
    const decoder = new TextDecoder();
    return decoder.decode(head, { stream: true }) + decoder.decode(rest);
  }

  /**
   * Takes secrets out of an error and its causes. In place: an error that was told once is known again by identity.
   *
   * @returns what was given; a text is masked
   */
  maskError(error: unknown): unknown {
    if (typeof error === "string") return this.mask(error);
    if (this.#values.size > 0) this.#maskMembers(error, new Set());
    return error;
  }

  /** A sink that gets events without secrets. Output of steps is left alone: it is masked before it is cut into events. */
  sink(emit: EventSink): EventSink {
    return (event) => emit(this.#values.size === 0 ? event : this.#maskedCopy(event) as Event);
  }

  #maskedCopy(value: unknown): unknown {
    if (typeof value === "string") return this.mask(value);
    if (value instanceof Error) return this.maskError(value);
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    if (Array.isArray(value)) return value.map((item) => this.#maskedCopy(item));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#maskedCopy(item)]));
  }

  #maskMembers(error: unknown, seen: Set<unknown>): void {
    if (!(error instanceof Error) || seen.has(error)) return;
    seen.add(error);
    // Message, stack and cause are own members too, but are not listed by Object.keys.
    for (const key of Object.getOwnPropertyNames(error)) {
      const value: unknown = Reflect.get(error, key);
      if (typeof value === "string") this.#set(error, key, this.mask(value));
      else if (Array.isArray(value)) {
        for (const item of value) this.#maskMembers(item, seen);
        this.#set(error, key, value.map((item) => typeof item === "string" ? this.mask(item) : item));
      } else this.#maskMembers(value, seen);
    }
  }

  #set(error: Error, key: string, value: unknown): void {
    // Gives false for a member that cannot be written, where assignment would throw.
    Reflect.set(error, key, value);
  }

  #current(): Patterns {
    return this.#patterns ??= patternsOf(this.#values);
  }
}

function patternsOf(values: Iterable<string>): Patterns {
  const forms = Array.from(values, formsOf);
  const literal = forms.flatMap((form) => form.literal);
  const wrapped = forms.flatMap((form) => form.wrapped);
  const harmless = new Uint8Array(256).fill(1);
  for (const [first = 0] of [...literal, ...wrapped]) harmless[first] = 0;
  return { literal: new Automaton(literal), wrapped: new Automaton(wrapped), harmless };
}
