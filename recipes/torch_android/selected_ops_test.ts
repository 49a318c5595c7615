import { describe, expect, it } from "vitest";
import { BACKEND_CPU_OPS, selectedOpsYaml } from "./selected_ops.ts";

describe("selectedOpsYaml()", () => {
  const { operators, ...rest } = JSON.parse(selectedOpsYaml(["aten::relu", "aten::cat"]));

  it("adds what the backend calls on the CPU, as no root", () => {
    expect(Object.keys(operators)).toEqual(["aten::relu", ...BACKEND_CPU_OPS].sort());
    expect(operators["aten::relu"].is_root_operator).toBe(true);
    expect(operators["aten::cat"].is_root_operator).toBe(true);
    expect(operators["aten::permute"].is_root_operator).toBe(false);
  });

  it("keeps kernels for all types", () => {
    expect(rest).toEqual({ include_all_non_op_selectives: true });
  });

  it("is the same text for the same operators", () => {
    expect(selectedOpsYaml(["aten::a", "aten::b", "aten::a"])).toBe(selectedOpsYaml(["aten::b", "aten::a"]));
  });
});
