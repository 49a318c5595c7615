import { describe, expect, it } from "vitest";
import { ConnectionLost } from "./device_error.ts";
import { readProcessReport, wordsOf } from "./process_report.ts";

const DIGEST = "a".repeat(64);

describe("readProcessReport()", () => {
  it("reads how a process ended, its log and the digests of its files", () => {
    const text =
      `exit 1 100.25 101.50\nlog first\nlog gone\nat=2026-01-01T00:00:00Z\n${DIGEST}  ./result.json\n`;
    expect(readProcessReport(text)).toEqual({
      kind: "exit",
      code: 1,
      wallMs: 1250,
      log: ["first", "gone"],
      digests: new Map([["result.json", DIGEST]]),
    });
  });

  it("tells a process that runs from one that is gone", () => {
    expect(readProcessReport("running\n")).toEqual({ kind: "running" });
    expect(readProcessReport("gone\n")).toEqual({ kind: "gone" });
  });

  it("takes anything else for a lost connection", () => {
    expect(() => readProcessReport("log exit 0 1 2\n")).toThrow(ConnectionLost);
  });
});

describe("wordsOf()", () => {
  it("leaves out what is for programs", () => {
    expect(wordsOf('vkforge-runner: No device\nhint: Install one\n{"ok":false}\n')).toEqual([
      "vkforge-runner: No device",
      "hint: Install one",
    ]);
    expect(wordsOf("")).toEqual([]);
  });
});
