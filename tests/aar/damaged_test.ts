/**
 * A corpus of damaged AARs, made from a good one: each must fail the check that is about its damage, whatever else it
 * fails, and none may crash or hang the reader.
 *
 * @module
 */
import { describe, expect, it } from "vitest";
import {
  classOf,
  concat,
  elfOf,
  goodEntries,
  MANIFEST,
  PYTORCH_CLASSES,
  spirvOf,
  type TestEntry,
  type TestLibrary,
  vulkanConstants,
  withEntry,
  zipOf,
} from "../../aar/_testing.ts";
import { judgeAar, readAar } from "../../aar/mod.ts";

const LIBRARY = "jni/arm64-v8a/libpytorch_jni.so";
const good = goodEntries();
const goodBytes = zipOf(good);

/** Check that must tell, and what it must say. */
interface Case {
  readonly title: string;
  readonly aar: Uint8Array;
  readonly check: string;
  readonly says: string;
  /** Default: fail. */
  readonly status?: "warn";
}

const CASES: readonly Case[] = [
  { title: "empty file", aar: new Uint8Array(0), check: "archive", says: "empty" },
  {
    title: "no zip archive",
    aar: new TextEncoder().encode("<html>".repeat(99)),
    check: "archive",
    says: "no zip",
  },
  { title: "cut off in the middle", aar: goodBytes.slice(0, 700), check: "archive", says: "cut off" },
  { title: "last byte missing", aar: goodBytes.slice(0, -1), check: "archive", says: "cut off" },
  { title: "first bytes missing", aar: goodBytes.slice(10), check: "archive", says: "directory" },
  {
    title: "bytes behind the end",
    aar: concat([goodBytes, new Uint8Array(3)]),
    check: "archive",
    says: "cut off",
  },
  { title: "directory out of place", aar: patched(goodBytes, -6, 0xff), check: "archive", says: "directory" },
  { title: "more entries promised", aar: patched(goodBytes, -12, 9), check: "archive", says: "breaks off" },
  { title: "zip64", aar: patched(patched(goodBytes, -12, 0xff), -11, 0xff), check: "archive", says: "zip64" },
  damaged("a byte of a library changed", { packed: new Uint8Array(40).fill(7) }, "does not unpack"),
  damaged("wrong CRC-32", { crc32: 1 }, "CRC-32"),
  damaged("size too large", { sizeBytes: 99_999 }, "instead of"),
  damaged("size too small", { sizeBytes: 10 }, "does not unpack"),
  damaged("other name in the local header", { localName: "jni/arm64-v8a/libpytorch_jnj.so" }, "is called"),
  damaged("unknown compression", { method: 12 }, "compression method 12"),
  damaged("encrypted", { flags: 1 }, "encrypted"),
  unsafe("name that goes up", { name: "../../evil.so" }, "leaves the folder"),
  unsafe("name that goes up in the middle", { name: "jni/../../evil.so" }, "leaves the folder"),
  unsafe("absolute name", { name: "/etc/passwd" }, "absolute"),
  unsafe("Windows drive", { name: "C:/evil" }, "absolute"),
  unsafe("backslash", { name: "jni\\..\\evil" }, "backslash"),
  unsafe("NUL in a name", { name: "classes.jar\0.txt" }, "NUL"),
  unsafe("empty name", { name: "" }, "no name"),
  unsafe("link", { name: "link", wrong: { mode: 0o120777 } }, "symbolic link"),
  unsafe("name twice", { name: "classes.jar" }, "twice"),
  unsafe("bomb", { name: "zeros", data: new Uint8Array(32 * 2 ** 20) }, "unpacks from"),
  unsafe("entry of 600 MB", { name: "huge", wrong: { sizeBytes: 600 * 2 ** 20 } }, "unpacks from"),
  unsafe(
    "entries that share bytes",
    { name: "twin", data: "BSD\n", wrong: { sharesWith: "LICENSE" } },
    "is called",
    "archive",
  ),
  without("AndroidManifest.xml", "layout", "missing"),
  without("classes.jar", "layout", "missing"),
  replaced("manifest cut off", "AndroidManifest.xml", MANIFEST.slice(0, 90), "manifest", "no XML"),
  replaced("manifest of an app", "AndroidManifest.xml", Uint8Array.of(3, 0, 8, 0), "manifest", "binary"),
  replaced("manifest of something else", "AndroidManifest.xml", "<html></html>", "manifest", "<manifest>"),
  replaced(
    "API level no number",
    "AndroidManifest.xml",
    MANIFEST.replace("21", "twenty"),
    "manifest",
    "twenty",
  ),
  replaced("classes.jar no archive", "classes.jar", "PK", "classes", "cut off"),
  replaced(
    "class cut off",
    "classes.jar",
    jar("org/pytorch/X", classOf("org/pytorch/X").slice(0, 30)),
    "classes",
    "cut off",
  ),
  replaced(
    "class no class",
    "classes.jar",
    jar("org/pytorch/X", new Uint8Array(64)),
    "classes",
    "no class file",
  ),
  replaced(
    "class under another name",
    "classes.jar",
    jar("org/pytorch/X", classOf("org/pytorch/Y")),
    "classes",
    "holds",
  ),
  replaced("Device without VULKAN", "classes.jar", withDevice(["CPU"]), "pytorch-classes", "no VULKAN"),
  replaced("lite classes with a full library", "classes.jar", withLite(), "jni-variant", "LiteModuleLoader"),
  library("library empty", new Uint8Array(0), "abi", "no ELF"),
  library("library a script", new TextEncoder().encode("#!/bin/sh\n".repeat(9)), "abi", "no ELF"),
  library("library cut off", elfOf({ soname: "libpytorch_jni.so" }).slice(0, 500), "abi", "cut off"),
  library("library of 9 bits", patched(elfOf(), 4, 9), "abi", "ELF class 9"),
  library("big endian", patched(elfOf(), 5, 2), "abi", "big endian"),
  library("headers far outside", patched(elfOf(), 38, 0x7f), "abi", "cut off"),
  library("segments of odd size", patched(elfOf(), 54, 9), "abi", "program headers"),
  library("no segments", patched(elfOf(), 56, 0), "abi", "no segment"),
  elf("library of another ABI", { abi: "x86_64" }, "abi", "x86-64"),
  elf("32-bit library in a 64-bit folder", { abi: "armeabi-v7a" }, "abi", "ARM with 32 bits"),
  elf("program instead of a library", { type: 2 }, "abi", "no shared library"),
  elf("missing dependency", { needed: ["libc.so", "libc10.so"] }, "needed", "libc10.so"),
  elf("dependency newer than the manifest", { needed: ["libvulkan.so"] }, "needed", "API level 24"),
  elf("4 KB alignment", { alignBytes: 4096 }, "page-alignment", "4096"),
  elf("text relocations", { hasTextRelocations: true }, "text-relocations", LIBRARY),
  elf("executable stack", { hasExecutableStack: true }, "executable-stack", "stack"),
  elf("no Vulkan", { constants: new Uint8Array(8) }, "vulkan-backend", "no vulkan_prepack"),
  elf(
    "operators without shaders",
    { constants: vulkanConstants().slice(0, 24) },
    "vulkan-backend",
    "0 shaders",
  ),
  elf("shader cut off", { constants: vulkanConstants(spirvOf().slice(0, 60)) }, "shaders", "words"),
  elf(
    "shader with id above its bound",
    { constants: vulkanConstants(patched(spirvOf(), 12, 2)) },
    "shaders",
    "bound",
  ),
  warned("another soname", { soname: "libother.so" }, "soname", "libother.so"),
  warned("made for newer devices", { apiLevel: 26 }, "api-level", "26"),
  warned("not stripped", { unstripped: true }, "stripped", ".symtab"),
  warned(
    "host path",
    { constants: concat([vulkanConstants(), new TextEncoder().encode("/home/me/x.cpp\0")]) },
    "host-paths",
    "/home/me",
  ),
  moved("folder that is no ABI", "jni/arm64/libpytorch_jni.so", "no ABI"),
  moved("retired ABI", "jni/armeabi/libpytorch_jni.so", "no longer"),
  moved("library outside jni", "libs/arm64-v8a/libpytorch_jni.so", "not in jni"),
];

describe("verify-aar on damaged AARs", () => {
  it("has 40 kinds of damage or more", () => {
    expect(CASES.length).toBeGreaterThanOrEqual(40);
    expect(new Set(CASES.map(({ title }) => title)).size).toBe(CASES.length);
  });

  it("finds nothing wrong with the one they are made from", async () => {
    const results = judgeAar(await readAar(goodBytes));
    expect(results.filter(({ status }) => status !== "pass" && status !== "none")).toEqual([]);
  });

  for (const { title, aar, check, says, status = "fail" } of CASES) {
    it(`refuses: ${title}`, async () => {
      const result = judgeAar(await readAar(aar)).find(({ name }) => name === check);
      expect({ status: result?.status, says: textOf(result) }).toEqual({
        status,
        says: expect.stringContaining(says),
      });
    });
  }

  it("survives any byte changed", async () => {
    // Every seventh byte: all of them take a minute and find nothing more.
    for (let at = 0; at < goodBytes.length; at += 7) {
      const results = judgeAar(await readAar(patched(goodBytes, at, 0x55)));
      expect(results.length).toBeGreaterThan(0);
    }
  });

  it("survives any length", async () => {
    for (let length = 0; length < goodBytes.length; length += 5) {
      const results = judgeAar(await readAar(goodBytes.slice(0, length)));
      expect(results.find(({ name }) => name === "archive")?.status).toBe("fail");
    }
  });

  it("survives any byte of a library changed", async () => {
    const bytes = elfOf({ soname: "libpytorch_jni.so" });
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0, 0x7f, 0xff]) {
        const aar = await readAar(
          zipOf(withEntry(good, LIBRARY, { data: patched(bytes, at, value), stored: true })),
        );
        expect(judgeAar(aar).find(({ name }) => name === "archive")?.status).toBe("pass");
      }
    }
  });
});

function textOf(result: ReturnType<typeof judgeAar>[number] | undefined): string {
  return [result?.summary, ...(result?.details ?? [])].join("\n");
}

/** Bytes with one of them changed; counted from the end if negative. */
function patched(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at < 0 ? bytes.length + at : at] = value;
  return copy;
}

function damaged(title: string, wrong: NonNullable<TestEntry["wrong"]>, says: string): Case {
  return { title, aar: zipOf(withEntry(good, LIBRARY, { wrong })), check: "archive", says };
}

function unsafe(title: string, entry: Partial<TestEntry>, says: string, check = "archive-safety"): Case {
  return { title, aar: zipOf([...good, { name: "x", data: "", ...entry }]), check, says };
}

function without(name: string, check: string, says: string): Case {
  return { title: `no ${name}`, aar: zipOf(withEntry(good, name, undefined)), check, says };
}

function replaced(title: string, name: string, data: TestEntry["data"], check: string, says: string): Case {
  return { title, aar: zipOf(withEntry(good, name, { data })), check, says };
}

function library(title: string, data: Uint8Array, check: string, says: string): Case {
  return replaced(title, LIBRARY, data, check, says);
}

function elf(title: string, wrong: TestLibrary, check: string, says: string): Case {
  const bytes = elfOf({ soname: "libpytorch_jni.so", constants: vulkanConstants(), ...wrong });
  return library(title, bytes, check, says);
}

function warned(title: string, wrong: TestLibrary, check: string, says: string): Case {
  return { ...elf(title, wrong, check, says), status: "warn" };
}

function moved(title: string, name: string, says: string): Case {
  const data = good.find((one) => one.name === LIBRARY)?.data ?? "";
  const aar = zipOf(withEntry(withEntry(good, LIBRARY, undefined), name, { data }));
  return { title, aar, check: "layout", says };
}

function jar(name: string, data: Uint8Array): Uint8Array {
  return zipOf([...PYTORCH_CLASSES, { name: `${name}.class`, data }]);
}

function withDevice(fields: readonly string[]): Uint8Array {
  return zipOf(
    withEntry(PYTORCH_CLASSES, "org/pytorch/Device.class", { data: classOf("org/pytorch/Device", fields) }),
  );
}

function withLite(): Uint8Array {
  return jar("org/pytorch/LiteModuleLoader", classOf("org/pytorch/LiteModuleLoader"));
}
