import { describe, expect, it } from "vitest";
import { concat, spirvOf } from "./_testing.ts";
import { findSpirv } from "./spirv.ts";

describe("findSpirv()", () => {
  it("finds modules one after another, with what they are", () => {
    const shader = spirvOf();
    const found = findSpirv(concat([new Uint8Array(8), shader, shader, new Uint8Array(4)]));
    expect(found.map(({ offset, sizeBytes }) => [offset, sizeBytes])).toEqual([
      [8, shader.length],
      [8 + shader.length, shader.length],
    ]);
    expect(found[0]).toMatchObject({
      version: "1.0",
      entryPoints: ["main (GLCompute)"],
      localSize: [8, 8, 1],
      fault: undefined,
    });
  });

  it("reads at any place of a larger file", () => {
    const file = concat([new Uint8Array(5), new Uint8Array(3), spirvOf(), new Uint8Array(4)]);
    expect(findSpirv(file.subarray(5)).map(({ offset }) => offset)).toEqual([3]);
  });

  it("passes over the magic number where no module follows", () => {
    expect(findSpirv(new Uint8Array(Uint32Array.of(0x07230203, 0x6c6f6f6b, 1, 2, 3, 4, 5).buffer))).toEqual(
      [],
    );
  });

  it("tells of a module that breaks off", () => {
    const [module] = findSpirv(spirvOf().slice(0, 100));
    expect(module?.fault).toContain("breaks off");
  });
});
