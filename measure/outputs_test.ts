import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareOutputs, readOutputs } from "./outputs.ts";
import type { Tensor } from "./tensor.ts";
import { fixtureRun } from "./testdata/fixture.ts";
import { tensorFiles } from "./testdata/tensor_files.ts";

const compared = { arm: "vulkan", reference: "cpu", tolerance: { maxRel: 1e-5, minCosine: 0.999 } };

describe("readOutputs()", () => {
  it("reads the tensors a run names, from its folder", async () => {
    const dir = await mkdtemp(join(tmpdir(), "vkforge-outputs-"));
    try {
      const bytes = new Uint8Array(new Float32Array([1, 2]).buffer);
      const files = await tensorFiles({ name: "output", dtype: "float32", shape: [2], bytes });
      await writeFile(join(dir, "output0.json"), files.header);
      await writeFile(join(dir, "output.bin"), files.data);
      const tensors = await readOutputs(dir, fixtureRun("cpu", { centreMs: 1, seed: 1 }));
      expect(tensors.map(({ name, data }) => [name, data])).toEqual([["output", new Float32Array([1, 2])]]);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

describe("compareOutputs()", () => {
  it("pairs tensors by name, in any order", () => {
    const entries = compareOutputs(
      [tensor("a", 1), tensor("b", 2)],
      [tensor("b", 2), tensor("a", 1)],
      compared,
    );
    expect(entries.map(({ output, ok }) => [output, ok])).toEqual([["a", true], ["b", true]]);
    expect(entries[0]).toMatchObject(compared);
    expect("replicate" in entries[0]!).toBe(false);
  });

  it("keeps which process it was", () => {
    const [entry] = compareOutputs([tensor("a", 1)], [tensor("a", 1)], { ...compared, replicate: 7 });
    expect(entry!.replicate).toBe(7);
  });

  it("fails an output that went missing", () => {
    const [, missing] = compareOutputs([tensor("a", 1), tensor("b", 2)], [tensor("a", 1)], compared);
    expect(missing).toMatchObject({
      output: "b",
      ok: false,
      reasons: ['There is no output "b"; "cpu" has it'],
    });
  });

  it("fails an output without a reference", () => {
    const [, extra] = compareOutputs([tensor("a", 1)], [tensor("a", 1), tensor("b", 2)], compared);
    expect(extra).toMatchObject({ ok: false, reasons: ['"cpu" has no "b" to compare with'] });
  });
});

function tensor(name: string, value: number): Tensor {
  const data = new Float32Array([value, -value]);
  return { name, dtype: "float32", shape: [2], data, sha256: data.join() };
}
