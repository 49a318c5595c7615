import { describe, expect, it } from "vitest";
import { EngineError, exitCodeOf } from "../engine/mod.ts";
import { MeasureError } from "../measure/mod.ts";
import { expectedError } from "./_expected_error.ts";

describe("expectedError()", () => {
  it("tells failures of measuring as what they are: message, hint, exit code", () => {
    const io = expectedError(new MeasureError("io", "Cannot list results", { hint: "Do this" }));
    expect(io).toBeInstanceOf(EngineError);
    expect(io).toMatchObject({ code: "io", message: "Cannot list results", hint: "Do this" });
    expect(exitCodeOf(expectedError(new MeasureError("not-found", "Cannot read it")))).toBe(2);
  });

  it("leaves everything else as it is", () => {
    const fault = new TypeError("x is undefined");
    expect(expectedError(fault)).toBe(fault);
  });
});
