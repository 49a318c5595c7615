import { describe, expect, it } from "vitest";
import { inOrder } from "./order.ts";
import { DEFAULT_RESOURCES, type Step } from "./step.ts";

const image = {
  name: "i",
  packages: [],
  links: {},
  files: {},
  exclude: [],
  ldconfig: false,
  environment: {},
};
const step = (name: string, ...inputs: Step[]): Step => ({
  name,
  image,
  inputs: Object.fromEntries(inputs.map((input) => [input.name, { kind: "step", step: input }])),
  environment: {},
  script: "",
  outputs: [],
  resources: DEFAULT_RESOURCES,
});

describe("inOrder()", () => {
  it("puts every step after what it reads, once", () => {
    const base = step("base");
    const left = step("left", base);
    const right = step("right", base);
    expect(inOrder([step("top", left, right), left]).map(({ name }) => name)).toEqual([
      "base",
      "left",
      "right",
      "top",
    ]);
  });

  it("names the steps of a cycle", () => {
    const a = step("a");
    const b = step("b", a);
    (a.inputs as Record<string, unknown>)["b"] = { kind: "step", step: b };
    expect(() => inOrder([b])).toThrow("b → a → b");
  });

  it("refuses two steps with one name", () => {
    expect(() => inOrder([step("top", step("same"), step("other", step("same")))])).toThrow(
      'Two steps have the name "same"',
    );
  });

  it("bears chains deeper than the call stack", () => {
    let last = step("0");
    for (let index = 1; index < 50_000; index++) last = step(String(index), last);
    expect(inOrder([last]).length).toBe(50_000);
  });
});
