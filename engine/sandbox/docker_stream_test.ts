import { describe, expect, it } from "vitest";
import { unframe } from "./docker_stream.ts";

function frame(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const framed = new Uint8Array(8 + bytes.length);
  framed[0] = 1;
  new DataView(framed.buffer).setUint32(4, bytes.length);
  framed.set(bytes, 8);
  return framed;
}

describe("unframe()", () => {
  it("gives the same text however the frames are cut", () => {
    const whole = Uint8Array.from([...frame("one"), ...frame(""), ...frame("two and more"), ...frame("!")]);
    for (let size = 1; size <= whole.length; size++) {
      let text = "";
      const take = unframe((chunk) => text += new TextDecoder().decode(chunk));
      for (let offset = 0; offset < whole.length; offset += size) take(whole.subarray(offset, offset + size));
      expect(text).toBe("onetwo and more!");
    }
  });
});
