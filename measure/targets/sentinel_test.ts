import { describe, expect, it } from "vitest";
import { ConnectionLost } from "./device_error.ts";
import { quote, readSentinel, withParameters, withSentinel } from "./sentinel.ts";

async function sh(script: string): Promise<string> {
  const { stdout } = await new Deno.Command("/bin/sh", { args: ["-c", script] }).output();
  return new TextDecoder().decode(stdout);
}

describe("withSentinel() and readSentinel()", () => {
  it("give output and exit code of a script, also of one that exits or ends without a newline", async () => {
    expect(readSentinel(await sh(withSentinel("echo a; exit 7", "n1")), "n1")).toEqual({
      code: 7,
      output: "a\n",
    });
    expect(readSentinel(await sh(withSentinel("printf a", "n1")), "n1")).toEqual({ code: 0, output: "a" });
  });

  it("take the line ends of an old adb", () => {
    expect(readSentinel("a\r\n\r\nvkforge n 0\r\n", "n")).toEqual({ code: 0, output: "a\n" });
  });

  it.each([
    ["nothing", ""],
    ["an output without the end", "ok\n"],
    ["an end that is cut off", "ok\n\nvkforge n 1"],
    ["an end of another script", "ok\n\nvkforge m 0\n"],
    ["an end in the middle", "ok\n\nvkforge n 0\nmore\n"],
    ["an end that a program printed within a line", "say vkforge n 0\n"],
  ])("take %s for a lost connection", (_name: string, output: string) => {
    expect(() => readSentinel(output, "n", "closed")).toThrow(ConnectionLost);
    expect(() => readSentinel(output, "n", "closed")).toThrow("closed");
  });
});

describe("withParameters()", () => {
  it("hands on any characters as they are", async () => {
    const words = ["it's", "$HOME `x` \\", "a b", "", "é\n2"];
    expect(await sh(withParameters('for w in "$@"; do printf "[%s]" "$w"; done', words))).toBe(
      words.map((word) => `[${word}]`).join(""),
    );
    expect(quote("'")).toBe(`''\\'''`);
  });
});
