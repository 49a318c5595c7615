import { describe, expect, it } from "vitest";
import { zipOf } from "./_testing.ts";
import { readZip, unpack } from "./zip.ts";

describe("readZip()", () => {
  it("reads stored, deflated and large entries", async () => {
    const large = new Uint8Array(2 ** 20).map((_, index) => (index * 2654435761) >>> 13);
    const zip = readZip(zipOf([
      { name: "a", data: "stored", stored: true },
      { name: "d/b", data: "deflated" },
      { name: "large", data: large },
      { name: "empty", data: "" },
    ]));
    expect(zip.damage).toEqual([]);
    expect(zip.danger).toEqual([]);
    const texts = await Promise.all(zip.entries.map((entry) => unpack(zip, entry)));
    expect(texts.map(({ length }) => length)).toEqual([6, 8, 2 ** 20, 0]);
    expect(new TextDecoder().decode(texts[1])).toBe("deflated");
    expect(texts[2]).toEqual(large);
  });

  it("tells where stored bytes begin", () => {
    const bytes = zipOf([{ name: "a", data: "hello", stored: true }]);
    const [entry] = readZip(bytes).entries;
    const start = entry?.dataOffset ?? 0;
    expect(new TextDecoder().decode(bytes.subarray(start, start + 5))).toBe("hello");
  });
});
