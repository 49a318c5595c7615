import { describe, expect, it } from "vitest";
import { denoHost } from "../engine/deno_host.ts";
import { EngineError } from "../engine/mod.ts";
import { explainModelFile, isModelFile } from "../recipes/model_file.ts";
import { chooseModelsAndFiles, inputShape } from "./_model_files.ts";

const host = denoHost();

describe("isModelFile()", () => {
  it("tells paths from names", () => {
    for (const value of ["a.pt", "./net", "/models/net.torchscript"]) expect(isModelFile(value)).toBe(true);
    for (const value of ["mobilenet_v2", "nosuchmodel"]) expect(isModelFile(value)).toBe(false);
  });
});

describe("chooseModelsAndFiles()", () => {
  it("finds a file by content, under a name that no model has", () => {
    const folder = Deno.makeTempDirSync();
    const path = `${folder}/yolov5s.pt`;
    Deno.writeTextFileSync(path, "x");
    const { models, files } = chooseModelsAndFiles(host, { model: [path], input: [[1, 3, 8, 8]] });
    expect(models).toEqual([]);
    expect(files).toMatchObject([{ name: "yolov5s_file", sizeBytes: 1, shapes: [[1, 3, 8, 8]] }]);
    expect(files[0]!.sha256).toBe("2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
    Deno.removeSync(folder, { recursive: true });
  });

  it("refuses what cannot be meant, each with a hint", () => {
    const cases = [
      { values: { model: ["a.pt"] }, message: 'Cannot run "a.pt" without the shapes of its inputs' },
      {
        values: { model: ["a.pt", "b.pt"], input: [[1]] },
        message: 'Cannot take "a.pt" and "b.pt" at one time',
      },
      {
        values: { model: ["no.pt"], input: [[1]] },
        message: 'Cannot read the model "no.pt": there is no such file',
      },
      { values: { model: ["."], input: [[1]] }, message: 'Unknown model "."' },
      {
        values: { input: [[1]] },
        message: "Cannot use --input without a file: the project's models have their own",
      },
      { values: { model: ["mobilenet"] }, message: 'Unknown model "mobilenet"' },
    ];
    for (const { values, message } of cases) {
      const thrown = caught(() => chooseModelsAndFiles(host, values));
      expect(thrown).toMatchObject({ code: "usage", message });
      expect(thrown.hint).toBeTruthy();
    }
  });
});

describe("inputShape()", () => {
  it("takes shapes one after the other", () => {
    expect(inputShape("1,1,4,4", inputShape("1x3x8x8"))).toEqual([[1, 3, 8, 8], [1, 1, 4, 4]]);
  });

  it("refuses other texts and five dimensions", () => {
    for (const text of ["", "1,a", "1,0", "1,-2", "1.5", "1,2,3,4,5"]) {
      expect(() => inputShape(text)).toThrow();
    }
  });
});

describe("explainModelFile()", () => {
  it("gives the step's own sentence and hint", () => {
    const failed = new EngineError("step-failed", 'Step "model-file/a/cpu" failed: exit code 1', {
      detail: [
        "command: python3",
        'error: Cannot load "a.pt": it is not a TorchScript file',
        "hint: Trace it",
      ],
    });
    expect(explainModelFile(failed)).toMatchObject({
      code: "usage",
      message: 'Cannot load "a.pt": it is not a TorchScript file',
      hint: "Trace it",
      detail: [],
    });
  });

  it("leaves other errors alone", () => {
    for (
      const error of [new Error("x"), new EngineError("step-failed", 'Step "runner" failed: exit code 1')]
    ) {
      expect(explainModelFile(error)).toBe(error);
    }
  });
});

function caught(action: () => unknown): EngineError {
  try {
    action();
  } catch (error) {
    return error as EngineError;
  }
  throw new Error("nothing was thrown");
}
