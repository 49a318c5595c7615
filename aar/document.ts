/**
 * An AAR's facts and verdicts as a JSON document.
 *
 * @module
 */
import type { CheckResult } from "./check.ts";
import type { AarDifference } from "./compare.ts";
import { isGood } from "./judge.ts";
import { type Aar, isReadable, type Library } from "./read_aar.ts";
import { variantsOf } from "./checks/pytorch.ts";

/** Everything a document tells of. */
export interface Verdict {
  readonly file: string;
  readonly aar: Aar;
  readonly results: readonly CheckResult[];
  /** Against another AAR, and that one's file. */
  readonly against?: { readonly file: string; readonly difference: AarDifference } | undefined;
}

/** The document, schema 1. */
export function verdictDocument({ file, aar, results, against }: Verdict) {
  return {
    schema: 1,
    command: "verify-aar",
    ok: isGood(results),
    file,
    sha256: aar.sha256,
    sizeBytes: aar.sizeBytes,
    variant: variantsOf(aar),
    manifest: isReadable(aar.manifest) ? aar.manifest : { fault: aar.manifest.fault },
    checks: results,
    libraries: aar.libraries.map(libraryDocument),
    jars: aar.jars.map(({ path, classes }) => ({ path, classes: classes.length })),
    licences: aar.licences,
    parts: aar.parts,
    ...(against === undefined ? {} : { against: { file: against.file, ...against.difference } }),
  };
}

function libraryDocument({ path, abi, sizeBytes, compressedBytes, elf, spirv, texts }: Library) {
  return {
    path,
    abi,
    sizeBytes,
    compressedBytes,
    ...(isReadable(elf)
      ? {
        alignBytes: Math.min(...elf.loads.map((load) => load.alignBytes)),
        needed: elf.needed,
        soname: elf.soname,
        buildId: elf.buildId,
        ndk: elf.ndk,
        apiLevel: elf.apiLevel,
        isStripped: elf.unstripped.length === 0,
        exportedSymbols: elf.exported.length,
      }
      : { fault: elf.fault }),
    shaders: spirv.length,
    vulkanOps: texts.vulkanOps,
    vulkanSources: texts.vulkanSources,
    hostPaths: texts.hostPaths.length,
  };
}
