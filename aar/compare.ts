/**
 * What changed between two AARs, for those who use them: Java API, native symbols, ABIs, sizes.
 *
 * @module
 */
import { apiOf } from "./class_file.ts";
import { type Aar, isReadable, type Library } from "./read_aar.ts";

/** What one of two lists has and the other has not. */
export interface ListDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Differences of a library that both have, or one has. */
export interface LibraryDifference {
  readonly path: string;
  /** Exported symbols. */
  readonly symbols: ListDifference;
  /** `undefined` where it is not there. */
  readonly before: LibraryFacts | undefined;
  readonly after: LibraryFacts | undefined;
}

/** What is compared of a library besides its symbols. */
export interface LibraryFacts {
  readonly sizeBytes: number;
  readonly shaders: number;
  readonly vulkanOps: number;
}

/** Differences of two AARs. */
export interface AarDifference {
  readonly isSameFile: boolean;
  readonly sizeBytes: { readonly before: number; readonly after: number };
  /** Public and protected classes and members. What is removed breaks those who use it. */
  readonly api: ListDifference;
  readonly libraries: readonly LibraryDifference[];
  readonly parts: ReadonlyArray<{ readonly part: string; readonly before: number; readonly after: number }>;
}

/** Compares an AAR with an earlier one. */
export function compareAars(before: Aar, after: Aar): AarDifference {
  const paths = [...new Set([...before.libraries, ...after.libraries].map(({ path }) => path))].sort();
  const parts = [...new Set([...before.parts, ...after.parts].map(({ part }) => part))];
  const partBytes = (aar: Aar, name: string) =>
    aar.parts.find(({ part }) => part === name)?.compressedBytes ?? 0;
  return {
    isSameFile: before.sha256 === after.sha256,
    sizeBytes: { before: before.sizeBytes, after: after.sizeBytes },
    api: difference(apiLines(before), apiLines(after)),
    libraries: paths.map((path) => {
      const [old, now] = [before, after].map((aar) => aar.libraries.find((one) => one.path === path));
      return {
        path,
        symbols: difference(symbolsOf(old), symbolsOf(now)),
        before: factsOf(old),
        after: factsOf(now),
      };
    }),
    parts: parts.map((part) => ({ part, before: partBytes(before, part), after: partBytes(after, part) })),
  };
}

function apiLines(aar: Aar): string[] {
  return aar.jars.flatMap(({ classes }) => classes.flatMap(apiOf));
}

function symbolsOf(library: Library | undefined): readonly string[] {
  return library !== undefined && isReadable(library.elf) ? library.elf.exported : [];
}

function factsOf(library: Library | undefined): LibraryFacts | undefined {
  if (library === undefined) return undefined;
  const { sizeBytes, spirv, texts } = library;
  return { sizeBytes, shaders: spirv.length, vulkanOps: texts.vulkanOps.length };
}

function difference(before: readonly string[], after: readonly string[]): ListDifference {
  const [old, now] = [new Set(before), new Set(after)];
  return {
    added: [...now].filter((line) => !old.has(line)).sort(),
    removed: [...old].filter((line) => !now.has(line)).sort(),
  };
}
