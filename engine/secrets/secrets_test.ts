import { describe, expect, it } from "vitest";
import { EngineError } from "../error.ts";
import type { Event } from "../event.ts";
import { Secrets } from "./secrets.ts";

const SECRET = 's3cr3t/Välue+1 "x"';
const secrets = new Secrets([SECRET]);

describe("Secrets", () => {
  it.each([
    ["plain", SECRET],
    ["JSON", JSON.stringify({ a: SECRET })],
    ["encodeURIComponent", encodeURIComponent(SECRET)],
    [
      "encodeURIComponent in lower case",
      encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase()),
    ],
    ["encodeURI", encodeURI(SECRET)],
    ["form", new URLSearchParams({ a: SECRET }).toString()],
    ["hex", hexOf(SECRET)],
    ["upper-case hex", hexOf(SECRET).toUpperCase()],
    ["base64", base64Of(SECRET)],
    ["base64 after one byte", base64Of(`:${SECRET}!!`)],
    ["base64 after two bytes", base64Of(`u:${SECRET}`)],
    ["base64url", base64Of(SECRET).replaceAll("+", "-").replaceAll("/", "_")],
    ["base64 in lines of 10", base64Of(`user:${SECRET}`).replace(/.{10}/g, "$&\n")],
    ["hex in lines of 16 with CRLF", hexOf(SECRET).replace(/.{16}/g, "$&\r\n")],
  ])("masks %s", (_name: string, text: string) => {
    const masked = secrets.mask(`before ${text} after`);
    expect(masked).toMatch(/^before .*\*\*\*.* after$/s);
    // Of base64 at most one character on either side, and of JSON and forms what stands around it.
    expect(masked.length).toBeLessThan("before *** after".length + 12);
  });

  it("gives a text without secrets as it is, whatever it holds", () => {
    const text = "s3cr3t/V \ud800 and \u0000";
    expect(secrets.mask(text)).toBe(text);
  });

  it("masks neither short values nor everyday words", () => {
    const text = "a true default 12345";
    expect(new Secrets(["a", "true", "default", "12345", "", "  \n "]).mask(text)).toBe(text);
  });

  it("masks a value of several lines line by line too", () => {
    const key = "-----BEGIN KEY-----\nQUJDREVGR0hJSktM\nTU5PUFFSU1RVVldY\n-----END KEY-----\n";
    const masked = new Secrets([key]).mask(`1: QUJDREVGR0hJSktM\n2: TU5PUFFSU1RVVldY\nall: ${key}`);
    expect(masked).toBe("1: ***\n2: ***\nall: ***\n");
  });

  it("masks what overlaps and what touches as one", () => {
    const both = new Secrets(["abcdef123", "f12345678"]);
    expect(both.mask("<abcdef12345678> <abcdef123f12345678>")).toBe("<***> <***>");
    expect(new Secrets(["aaaaaaaa"]).mask("<" + "a".repeat(100) + ">")).toBe("<***>");
  });

  it("masks an error with its detail, hint and causes, and leaves it the same error", () => {
    const cause = new Error(`told ${SECRET}`);
    const error = new EngineError("io", `Cannot log in as ${SECRET}`, {
      cause: new AggregateError([cause], "all"),
      hint: `not ${SECRET}`,
      detail: ["line", `log ${base64Of(SECRET)}`],
      subject: SECRET,
    });
    expect(secrets.maskError(error)).toBe(error);
    expect([error.message, error.hint, error.subject, error.code]).toEqual([
      "Cannot log in as ***",
      "not ***",
      "***",
      "io",
    ]);
    expect(error.detail[0]).toBe("line");
    expect(error.detail[1]).not.toContain(base64Of(SECRET).slice(0, -4));
    expect(cause.message).toBe("told ***");
    expect(`${error.stack} ${cause.stack}`).not.toContain("s3cr3t");
    expect(secrets.maskError(SECRET)).toBe("***");
    expect(secrets.maskError(undefined)).toBe(undefined);
  });

  it("ends with errors that are each other's cause", () => {
    const one = new Error(`one ${SECRET}`);
    one.cause = new Error(`two ${SECRET}`, { cause: one });
    secrets.maskError(one);
    expect([one.message, (one.cause as Error).message]).toEqual(["one ***", "two ***"]);
  });

  it("masks events, and not the output of steps", () => {
    const events: Event[] = [];
    const emit = secrets.sink((event) => events.push(event));
    const chunk = new TextEncoder().encode(SECRET);
    emit({ type: "fetch-start", name: "x", url: `https://h/?t=${encodeURIComponent(SECRET)}`, sizeBytes: 5 });
    emit({ type: "build-start", targets: [SECRET], steps: 1, misses: 1 });
    emit({ type: "step-output", name: "x", chunk });
    expect(events).toEqual([
      { type: "fetch-start", name: "x", url: "https://h/?t=***", sizeBytes: 5 },
      { type: "build-start", targets: ["***"], steps: 1, misses: 1 },
      { type: "step-output", name: "x", chunk },
    ]);
  });
});

function hexOf(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function base64Of(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
