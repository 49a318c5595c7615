import { describe, expect, it } from "vitest";
import { samplesCsv } from "./samples.ts";
import { failedModel, fixtureModel, fixtureResult } from "./testdata/fixture.ts";

describe("samplesCsv()", () => {
  it("has one line per inference: first, steady, phases", () => {
    const lines = samplesCsv(fixtureResult()).split("\r\n");
    expect(lines[0]).toBe("model,arm,replicate,order,kind,index,upload_ms,compute_ms,download_ms,total_ms");
    expect(lines.length).toBe(1 + (1 + 30) + (1 + 30 + 10) + 1);
    expect(lines.filter((line) => line.startsWith("mobilenet_v2,vulkan,0,1,phases,")).length).toBe(10);
    expect(lines[2]).toMatch(/^mobilenet_v2,cpu,0,0,steady,0,,,,[\d.]+$/);
  });

  it("quotes names where CSV needs it", () => {
    const csv = samplesCsv(fixtureResult({ models: [fixtureModel('a "b", c')] }));
    expect(csv.split("\r\n")[1]).toMatch(/^"a ""b"", c",cpu,/);
  });

  it("leaves out processes that failed", () => {
    const csv = samplesCsv(fixtureResult({ models: [failedModel("m", { code: "crash", message: "" })] }));
    expect(csv).not.toContain(",vulkan,");
  });
});
