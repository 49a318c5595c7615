/**
 * Checks of native libraries: whether Android's loader takes them.
 *
 * @module
 */
import { ABIS, machineName, PAGE_BYTES, SYSTEM_LIBRARIES } from "../abi.ts";
import { type Check, judgeFindings, type Judgement } from "../check.ts";
import type { Elf } from "../elf.ts";
import { type Aar, isReadable, type Library } from "../read_aar.ts";

/** A library that goes into apps and could be read. */
type ReadLibrary = Library & { readonly elf: Elf };

/** Whether each library is for the ABI of its folder. */
export const abi: Check = {
  name: "abi",
  question: "Is every library a readable ELF file for the ABI of its folder?",
  judge: (aar) =>
    ofLibraries(aar, () => {
      const details = aar.libraries.flatMap(({ path, abi, elf }) => {
        if (!isReadable(elf)) return [`${path} ${elf.fault}`];
        const expected = ABIS[abi];
        if (!elf.isSharedObject) return [`${path} is no shared library`];
        if (
          expected === undefined || (expected.bits === elf.bits && expected.machine === elf.machine)
        ) return [];
        return [`${path} is for ${machineName(elf.machine)} with ${elf.bits} bits`];
      });
      const abis = [...new Set(aar.libraries.map(({ abi }) => abi))];
      return judgeFindings(details, {
        fine: `${countOf(aar)} for ${abis.join(", ")}`,
        found: "libraries are damaged, or in the folder of another ABI",
      });
    }),
};

/** Whether each ABI has the same libraries. */
export const abiParity: Check = {
  name: "abi-parity",
  question: "Does every ABI have the same libraries?",
  judge: (aar) =>
    ofLibraries(aar, () => {
      const packed = aar.libraries.filter(({ isPacked }) => isPacked);
      const names = new Set(packed.map(({ name }) => name));
      const abis = [...new Set(packed.map(({ abi }) => abi))];
      const details = abis.flatMap((abi) => {
        const here = new Set(packed.filter((one) => one.abi === abi).map(({ name }) => name));
        return [...names].filter((name) => !here.has(name)).map((name) => `${abi} has no ${name}`);
      });
      return judgeFindings(details, {
        fine: "every ABI has the same libraries",
        found: "ABIs differ in their libraries",
        status: "warn",
      });
    }),
};

/** Whether every dependency of a library is there. */
export const needed: Check = {
  name: "needed",
  question: "Is every library that another one needs in the AAR, or a public one of Android?",
  judge: (aar) =>
    ofLibraries(aar, (libraries) => {
      const minSdk = isReadable(aar.manifest) ? aar.manifest.minSdk ?? 1 : 1;
      const details = libraries.flatMap(({ path, abi, elf }) =>
        elf.needed.flatMap((name) => {
          const isInside = aar.libraries.some((one) => one.isPacked && one.abi === abi && one.name === name);
          if (isInside) return [];
          const since = SYSTEM_LIBRARIES[name];
          if (since === undefined) return [`${path} needs ${name}`];
          return since <= minSdk || minSdk === 1 ? [] : [
            `${path} needs ${name}, which Android has since API level ${since}; the manifest says ${minSdk}`,
          ];
        })
      );
      return judgeFindings(details, {
        fine: "all are in the AAR or part of Android",
        found: "libraries are missing at run time",
        hint: "Another AAR may bring them: allow it if a dependency does",
      });
    }),
};

/** There were no 64-bit devices before. */
const FIRST_64_BIT_LEVEL = 21;

/** Whether libraries run where the manifest says that they do. */
export const apiLevel: Check = {
  name: "api-level",
  question: "Is no library made for newer devices than the manifest allows?",
  judge: (aar) =>
    ofLibraries(aar, (libraries) => {
      const minSdk = isReadable(aar.manifest) ? aar.manifest.minSdk : undefined;
      if (minSdk === undefined) return { status: "none", summary: "the manifest gives no lowest API level" };
      const details = libraries.flatMap(({ path, elf }) => {
        const lowest = elf.bits === 64 ? Math.max(minSdk, FIRST_64_BIT_LEVEL) : minSdk;
        return elf.apiLevel === undefined || elf.apiLevel <= lowest
          ? []
          : [`${path} is made for API level ${elf.apiLevel}; the manifest says ${minSdk}`];
      });
      return judgeFindings(details, {
        fine: `all are made for API level ${minSdk} or older`,
        found: "libraries may miss functions on older devices",
        status: "warn",
        hint: "Raise minSdkVersion, or compile for the lower level",
      });
    }),
};

/** Whether each library goes by its file name. */
export const soname: Check = {
  name: "soname",
  question: "Does every library call itself what its file is called?",
  judge: (aar) =>
    ofLibraries(aar, (libraries) =>
      judgeFindings(
        libraries.flatMap(({ path, name, elf }) =>
          elf.soname === name ? [] : [`${path} calls itself ${elf.soname ?? "nothing"}`]
        ),
        { fine: "names and files agree", found: "names and files differ", status: "warn" },
      )),
};

/** Whether libraries load where memory has pages of 16 KB. */
export const pageAlignment: Check = {
  name: "page-alignment",
  question: "Do all 64-bit libraries load on devices with pages of 16 KB?",
  judge: (aar) =>
    ofLibraries(aar, (libraries) => {
      const wide = libraries.filter(({ elf }) => elf.bits === 64);
      if (wide.length === 0) return { status: "none", summary: "no 64-bit libraries" };
      const details = wide.flatMap(({ path, elf }) => {
        const least = Math.min(...elf.loads.map(({ alignBytes }) => alignBytes));
        if (least < PAGE_BYTES) return [`${path} is aligned to ${least}`];
        const shifted = elf.loads.find(({ offset, address }) => (address - offset) % PAGE_BYTES !== 0);
        return shifted === undefined
          ? []
          : [`${path} has a segment at ${shifted.offset} that cannot be mapped to ${shifted.address}`];
      });
      return judgeFindings(details, {
        fine: `${wide.length} libraries are aligned to 16 KB`,
        found: `${details.length} of ${wide.length} 64-bit libraries do not load with pages of 16 KB`,
        hint: "Link with -Wl,-z,max-page-size=16384",
      });
    }),
};

/** Whether uncompressed libraries can be mapped from the archive. */
export const zipAlignment: Check = {
  name: "zip-alignment",
  question: "Do libraries that are stored uncompressed begin at multiples of 16 KB?",
  judge: (aar) => {
    const stored = aar.libraries.filter(({ storedAt }) => storedAt !== undefined);
    if (stored.length === 0) return { status: "none", summary: "no library is stored uncompressed" };
    const details = stored.flatMap(({ path, storedAt = 0 }) =>
      storedAt % PAGE_BYTES === 0 ? [] : [`${path} begins at ${storedAt}`]
    );
    return judgeFindings(details, {
      fine: `${stored.length} stored libraries begin at multiples of 16 KB`,
      found: "stored libraries cannot be mapped from the archive",
      status: "warn",
      hint: "Apps pack them anew; run zipalign -P 16 where the AAR is used as it is",
    });
  },
};

/** Whether code stays as it is in the file. */
export const textRelocations: Check = {
  name: "text-relocations",
  question: "Is code free of relocations, which Android refuses since API level 23?",
  judge: (aar) =>
    ofLibraries(aar, (libraries) =>
      judgeFindings(
        libraries.filter(({ elf }) => elf.hasTextRelocations).map(({ path }) => path),
        {
          fine: "none",
          found: "libraries have text relocations",
          hint: "Compile all of it, assembler included, as position-independent code",
        },
      )),
};

/** Whether the stack and writable memory hold no code. */
export const executableStack: Check = {
  name: "executable-stack",
  question: "Is no memory both writable and executable?",
  judge: (aar) =>
    ofLibraries(aar, (libraries) =>
      judgeFindings(
        libraries.flatMap(({ path, elf }) => [
          ...(elf.hasExecutableStack ? [`${path} asks for an executable stack`] : []),
          ...(elf.loads.some((load) => load.isWritable && load.isExecutable)
            ? [`${path} has a segment that is writable and executable`]
            : []),
        ]),
        { fine: "none", found: "memory is writable and executable", hint: "Link with -Wl,-z,noexecstack" },
      )),
};

/** Judges the libraries that go into apps; those that cannot be read are told of by {@linkcode abi}. */
function ofLibraries(aar: Aar, judge: (libraries: readonly ReadLibrary[]) => Judgement): Judgement {
  if (aar.libraries.length === 0) return { status: "none", summary: "no native libraries" };
  return judge(
    aar.libraries.filter((library): library is ReadLibrary => library.isPacked && isReadable(library.elf)),
  );
}

function countOf({ libraries }: Aar): string {
  const packed = libraries.filter(({ isPacked }) => isPacked).length;
  const linkable = libraries.length - packed;
  return `${packed} libraries` + (linkable === 0 ? "" : ` and ${linkable} to link with`);
}
