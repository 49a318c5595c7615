import { describe, expect, it } from "vitest";
import { elfOf } from "./_testing.ts";
import { ElfError, readElf } from "./elf.ts";

describe("readElf()", () => {
  for (const abi of ["arm64-v8a", "armeabi-v7a", "x86", "x86_64"]) {
    it(`reads what the loader sees: ${abi}`, () => {
      const elf = readElf(elfOf({
        abi,
        soname: "liba.so",
        needed: ["libc.so", "libb.so"],
        exported: ["JNI_OnLoad", "f"],
        buildId: "01234567",
        apiLevel: 24,
      }));
      expect(elf.bits).toBe(abi.includes("64") ? 64 : 32);
      expect(elf.soname).toBe("liba.so");
      expect(elf.needed).toEqual(["libc.so", "libb.so"]);
      expect(elf.exported).toEqual(["JNI_OnLoad", "f"]);
      expect(elf.buildId).toBe("01234567");
      expect([elf.ndk, elf.apiLevel]).toEqual(["r21e", 24]);
      expect(elf.loads.map(({ alignBytes }) => alignBytes)).toEqual([16384]);
      expect(elf.unstripped).toEqual([]);
      expect(elf.constants.map(({ name }) => name)).toEqual([".rodata"]);
    });
  }

  it("ends on a note whose lengths would lead back to it", () => {
    const bytes = elfOf();
    const view = new DataView(bytes.buffer);
    const notes = 64 + 2 * 56;
    const at = Number(view.getBigUint64(notes + 8, true));
    view.setUint32(at, 0xfffffffc, true);
    view.setUint32(at + 4, 0xfffffff8, true);
    expect(readElf(bytes).buildId).toBeUndefined();
  });

  it("says what is wrong with a file", () => {
    expect(() => readElf(new Uint8Array(100))).toThrow(new ElfError("is no ELF file"));
    expect(() => readElf(elfOf().slice(0, 200))).toThrow("cut off");
  });
});
