import { describe, expect, it } from "vitest";
import { classOf } from "./_testing.ts";
import { apiOf, readClassFile } from "./class_file.ts";

describe("readClassFile()", () => {
  it("reads name and members", () => {
    const file = readClassFile(classOf("org/pytorch/Device", ["CPU", "VULKAN"]));
    expect(file.name).toBe("org/pytorch/Device");
    expect(file.superclass).toBe("java/lang/Object");
    expect(file.fields.map(({ name, descriptor }) => [name, descriptor])).toEqual([["CPU", "I"], [
      "VULKAN",
      "I",
    ]]);
    expect(file.majorVersion).toBe(51);
  });

  it("says that a file is cut off", () => {
    expect(() => readClassFile(classOf("A").slice(0, -3))).toThrow("is cut off");
  });
});

describe("apiOf()", () => {
  const file = readClassFile(classOf("A", ["x", "y"]));

  it("lists what others can use", () => {
    expect(apiOf(file)).toEqual(["A", "A.x I", "A.y I"]);
  });

  it("leaves out what they cannot", () => {
    const [x, y] = file.fields;
    if (x === undefined || y === undefined) throw new Error("no fields");
    expect(apiOf({ ...file, fields: [{ ...x, flags: 2 }, { ...y, flags: 0x1001 }] })).toEqual(["A"]);
    expect(apiOf({ ...file, flags: 0x20 })).toEqual([]);
  });
});
