import { describe, expect, it } from "vitest";
import { Secrets } from "../engine/secrets/mod.ts";
import { maskConsole } from "./masked_console.ts";

describe("maskConsole()", () => {
  it("masks texts, JSON and errors, and leaves the rest", () => {
    const printed: unknown[][] = [];
    const print = (...words: unknown[]) => void printed.push(words);
    const fake = { log: print, info: print, warn: print, error: print } as Console;
    const secrets = new Secrets(['pass"word']);
    maskConsole(secrets, fake);
    fake.log(JSON.stringify({ a: 'pass"word' }), 5);
    fake.error(new Error('no pass"word'));
    secrets.add("another one");
    fake.warn("this is another one");
    expect(printed[0]).toEqual(['{"a":"***"}', 5]);
    expect((printed[1]?.[0] as Error).message).toBe("no ***");
    expect(printed[2]).toEqual(["this is ***"]);
  });
});
