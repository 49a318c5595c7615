/**
 * One JSON object per event and line, for programs. The first line carries `"schema": 1`; every line carries `atMs`,
 * milliseconds since the first.
 *
 * @module
 */
import { isReplayed } from "../engine/build/replay.ts";
import { EngineError } from "../engine/error.ts";
import type { Event } from "../engine/event.ts";
import type { LogFormat } from "./log_renderer.ts";

/** The version of the lines' form. */
export const JSONL_SCHEMA = 1;

// JSON leaves DEL, the C1 controls and the Unicode line ends as they are; terminals and line readers do not.
const UNESCAPED = /[\x7f-\x9f\u2028\u2029]/g;

/** The format of JSON lines. */
export class JsonLinesFormat implements LogFormat {
  readonly name = "jsonl";
  readonly #decoders = new Map<string, TextDecoder>();
  #startedMs: number | undefined;

  event(event: Event, nowMs: number): string[] {
    switch (event.type) {
      case "step-output": {
        const { type, name } = event;
        if (isReplayed(event)) {
          return [
            this.#line({ type, name, replayed: true, text: new TextDecoder().decode(event.chunk) }, nowMs),
          ];
        }
        const text = this.#decoder(name).decode(event.chunk, { stream: true });
        return text === "" ? [] : [this.#line({ type, name, text }, nowMs)];
      }
      case "step-end": {
        const { error, ...rest } = event;
        const end = error === undefined ? rest : { ...rest, error: errorData(error) };
        return [...this.#lastOutput(event.name, nowMs), this.#line(end, nowMs)];
      }
      default:
        return [this.#line(event, nowMs)];
    }
  }

  tick(): string[] {
    return [];
  }

  say(lines: readonly string[], nowMs: number): string[] {
    return lines.map((text) => this.#line({ type: "message", text }, nowMs));
  }

  fail(error: unknown, nowMs: number): string[] {
    return [this.#line({ type: "error", error: errorData(error) }, nowMs)];
  }

  /** Half a character that a step ended with. */
  #lastOutput(name: string, nowMs: number): string[] {
    const text = this.#decoders.get(name)?.decode() ?? "";
    this.#decoders.delete(name);
    return text === "" ? [] : [this.#line({ type: "step-output", name, text }, nowMs)];
  }

  #decoder(name: string): TextDecoder {
    let decoder = this.#decoders.get(name);
    if (decoder === undefined) this.#decoders.set(name, decoder = new TextDecoder());
    return decoder;
  }

  #line(data: { readonly type: string; readonly [key: string]: unknown }, nowMs: number): string {
    const schema = this.#startedMs === undefined ? { schema: JSONL_SCHEMA } : {};
    this.#startedMs ??= nowMs;
    const atMs = Math.round(nowMs - this.#startedMs);
    return JSON.stringify({ ...schema, atMs, ...data }).replace(
      UNESCAPED,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  }
}

function errorData(error: unknown): Record<string, unknown> {
  if (error instanceof EngineError) {
    const { code, message, hint, detail } = error;
    return { code, message, hint, detail: detail.length === 0 ? undefined : detail };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: "unexpected", message };
}
