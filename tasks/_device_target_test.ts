import { describe, expect, it } from "vitest";
import { targetChoice } from "./_device_target.ts";

describe("targetChoice()", () => {
  it.each([
    ["gpu", { kind: "gpu" }],
    ["swiftshader", { kind: "swiftshader" }],
    ["bundle", { kind: "bundle" }],
    ["adb", { kind: "adb" }],
    ["adb:192.168.0.2:5555", { kind: "adb", serial: "192.168.0.2:5555" }],
    ["ssh:pi@board:2222", { kind: "ssh", destination: "pi@board:2222" }],
  ])("reads %s", (text, choice) => {
    expect(targetChoice(text)).toEqual(choice);
  });

  it.each(["", "phone", "ssh", "ssh:", "adb:", "gpu:0", "ssh:-oProxyCommand=x", "adb:a b"])(
    'refuses "%s"',
    (text) => {
      expect(() => targetChoice(text)).toThrow(/^Give swiftshader, lavapipe, gpu, adb/);
    },
  );
});
