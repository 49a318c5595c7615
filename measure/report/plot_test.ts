import { describe, expect, it } from "vitest";
import { axisOf, dots, line, plot, roundTicks } from "./_plot.ts";

describe("roundTicks()", () => {
  it("steps by 1, 2 or 5 times a power of ten", () => {
    expect(roundTicks({ from: 0, to: 1 })).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks({ from: 28.3, to: 33.1 })).toEqual([29, 30, 31, 32, 33]);
    expect(roundTicks({ from: -4, to: 4 })).toEqual([-4, -2, 0, 2, 4]);
    expect(roundTicks({ from: 1204, to: 9120 })).toEqual([2000, 4000, 6000, 8000]);
  });

  it("has no rounding left in it", () => expect(roundTicks({ from: 0.1, to: 0.35 })).toContain(0.3));
});

describe("axisOf()", () => {
  it("leaves room, never below zero for what is not negative", () => {
    expect(axisOf([1, 2], "ms")).toEqual({ from: 0.94, to: 2.06, title: "ms" });
    expect(axisOf([0.01, 100], "ms").from).toBe(0);
  });

  it("has room around a single value", () => {
    const { from, to } = axisOf([20, 20], "ms");
    expect(from).toBeLessThan(20);
    expect(to).toBeGreaterThan(20);
    expect(axisOf([0], "ms").to).toBe(1);
  });
});

describe("plot()", () => {
  const axes = { x: { from: 0, to: 10, title: "s" }, y: { from: 0, to: 10, title: "ms" } };

  it("places values: x to the right, y upwards", () => {
    plot({ title: "t", ...axes }, (scales) => {
      expect(scales.x(10)).toBeGreaterThan(scales.x(0));
      expect(scales.y(10)).toBeLessThan(scales.y(0));
      expect(scales.x(0)).toBe(scales.area.left);
      return [];
    });
  });

  it("says what it shows, and draws a series as one path", () => {
    const points = [{ x: 1, y: 2 }, { x: 3, y: 4 }];
    const { text } = plot({ title: "a <b>", ...axes }, (scales) => [
      dots(points, scales, { color: "red", size: 3 }),
      line(points, scales, { color: "red", step: true }),
    ]);
    expect(text).toContain("<title>a &#60;b&#62;</title>");
    expect(text.match(/stroke="red"/g)).toHaveLength(2);
    expect(text.match(/h0/g)).toHaveLength(2);
    expect(text).not.toContain("NaN");
  });
});
