import { describe, expect, it } from "vitest";
import { arMembers } from "./ar.ts";
import { arArchive } from "./_testing.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytesOf = (content: string) => new TextEncoder().encode(content);

describe("arMembers()", () => {
  it("gives members of odd and even sizes, also where the last one lacks its padding", () => {
    const bytes = arArchive({ "debian-binary": "2.0\n", odd: "abc", even: "abcd", last: "x" });
    for (const archive of [bytes, bytes.subarray(0, -1)]) {
      expect(arMembers(archive).map(({ name, data }) => [name, text(data)])).toEqual([
        ["debian-binary", "2.0\n"],
        ["odd", "abc"],
        ["even", "abcd"],
        ["last", "x"],
      ]);
    }
  });

  it("takes off the slash that GNU ar puts behind names", () => {
    expect(arMembers(arArchive({ "data.tar.xz/": "" }))[0]?.name).toBe("data.tar.xz");
  });

  it("gives nothing for an archive without members", () => {
    expect(arMembers(bytesOf("!<arch>\n"))).toEqual([]);
  });

  it.each([
    ["nothing", "", "does not start like"],
    ["garbage", "<html>404</html>", "does not start like"],
    ["a header cut off", "!<arch>\nname   ", "header is cut off"],
    ["no member where one should be", `!<arch>\n${"x".repeat(60)}`, "no member starts at byte 8"],
  ])("refuses %s", (_what: string, content: string, message: string) => {
    expect(() => arMembers(bytesOf(content))).toThrow(message);
  });

  it("refuses content that is cut off, at every length", () => {
    const bytes = arArchive({ a: "12345", b: "67" });
    const whole = new Set([8, 8 + 60 + 5, 8 + 60 + 6, bytes.length]);
    for (let length = 0; length < bytes.length; length++) {
      if (!whole.has(length)) expect(() => arMembers(bytes.subarray(0, length))).toThrow("ar archive");
    }
  });

  it("refuses sizes that are no number or beyond the archive", () => {
    for (
      const [size, message] of [["-1", "not a number"], ["1e3", "not a number"], ["9999999999", "is cut off"]]
    ) {
      const bytes = arArchive({ a: "" });
      bytes.set(bytesOf(size!.padEnd(10)), 8 + 48);
      expect(() => arMembers(bytes)).toThrow(message!);
    }
  });
});
