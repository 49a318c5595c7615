/**
 * Texts among the constants of a library: operators it registers, source files it was made from.
 *
 * @module
 */
import type { ByteRange } from "./elf.ts";

/** What the texts of a library tell. */
export interface LibraryTexts {
  /** Vulkan operators with a namespace of their own, such as "vulkan_prepack::conv2d_clamp_run". */
  readonly vulkanOps: readonly string[];
  /** Source files of the Vulkan backend that left an assertion behind, such as "ops/Concat.cpp". */
  readonly vulkanSources: readonly string[];
  /** Absolute paths of sources on the machine that compiled it. */
  readonly hostPaths: readonly string[];
}

const VULKAN_OP = /\bvulkan_[a-z]+::[a-z0-9_]+/g;
const VULKAN_SOURCE = /native\/vulkan\/((?:api|ops)\/\w+\.cpp|\w+\.cpp)/g;
/** With a source's ending: paths that are opened at run time, such as those of /proc, are none of a build machine. */
const SOURCE_PATH =
  /(?<![\w.~$%})*/-])\/(?:[\w.+@~-]+\/)+[\w.+@~-]+\.(?:cc|cpp|cxx|cu|cuh|c|hh|hpp|hxx|h|inl|inc|ipp|S|s|py|rs|go|java|kt)\b/g;
const WINDOWS_PATH = /\b[A-Za-z]:[\\/](?:[\w.+@~ -]+[\\/])+[\w.+@~-]+\.(?:cc|cpp|c|hpp|h|rs)\b/g;

/** Reads the texts of the given ranges. */
export function readTexts(bytes: Uint8Array, ranges: readonly ByteRange[]): LibraryTexts {
  const vulkanOps = new Set<string>();
  const vulkanSources = new Set<string>();
  const hostPaths = new Set<string>();
  for (const { offset, sizeBytes } of ranges) {
    const text = new TextDecoder("latin1").decode(bytes.subarray(offset, offset + sizeBytes));
    for (const [op] of text.matchAll(VULKAN_OP)) vulkanOps.add(op);
    for (const [, file = ""] of text.matchAll(VULKAN_SOURCE)) vulkanSources.add(file);
    for (const [path] of text.matchAll(SOURCE_PATH)) hostPaths.add(path);
    for (const [path] of text.matchAll(WINDOWS_PATH)) hostPaths.add(path);
  }
  const sorted = (set: ReadonlySet<string>) => [...set].sort();
  return {
    vulkanOps: sorted(vulkanOps),
    vulkanSources: sorted(vulkanSources),
    hostPaths: sorted(hostPaths),
  };
}

/** The folder that most of the paths lie below, as far as it tells a machine: its first two names. */
export function rootsOf(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => path.split(/[\\/]/).slice(0, 3).join("/")))].sort();
}
