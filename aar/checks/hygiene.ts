/**
 * Checks of what a release should look like. They warn: nothing breaks at once.
 *
 * @module
 */
import { type Check, judgeFindings } from "../check.ts";
import { type Aar, isReadable, type Library } from "../read_aar.ts";
import { rootsOf } from "../texts.ts";

/** Whether symbols for debuggers were taken out. */
export const stripped: Check = {
  name: "stripped",
  question: "Are libraries free of symbols and debug information?",
  judge: (aar) => {
    const libraries = packedLibraries(aar);
    if (libraries.length === 0) return { status: "none", summary: "no native libraries" };
    const details = libraries.flatMap(({ path, elf }) =>
      isReadable(elf) && elf.unstripped.length > 0 ? [`${path} has ${elf.unstripped.join(" and ")}`] : []
    );
    return judgeFindings(details, {
      fine: "all libraries are stripped",
      found: `${details.length} of ${libraries.length} libraries are not stripped`,
      status: "warn",
      hint: "Strip them, and keep the originals for stack traces",
    });
  },
};

/** Whether each library can be told from others of its name. */
export const buildId: Check = {
  name: "build-id",
  question: "Has every library a build id, for finding its symbols?",
  judge: (aar) => {
    const libraries = packedLibraries(aar);
    if (libraries.length === 0) return { status: "none", summary: "no native libraries" };
    const details = libraries.flatMap(({ path, elf }) =>
      isReadable(elf) && elf.buildId === undefined ? [`${path} has none`] : []
    );
    return judgeFindings(details, {
      fine: "all libraries have one",
      found: `${details.length} of ${libraries.length} libraries have no build id`,
      status: "warn",
      hint: "Link with -Wl,--build-id=sha1",
    });
  },
};

/** Paths that are shown for one library. */
const SHOWN_PATHS = 2;

/** Whether libraries keep folders of the machine that built them to themselves. */
export const hostPaths: Check = {
  name: "host-paths",
  question: "Are libraries free of paths of the machine that built them?",
  judge: (aar) => {
    const libraries = packedLibraries(aar);
    if (libraries.length === 0) return { status: "none", summary: "no native libraries" };
    const leaking = libraries.filter(({ texts }) => texts.hostPaths.length > 0);
    const roots = rootsOf(leaking.flatMap(({ texts }) => texts.hostPaths));
    const details = leaking.map(({ path, texts: { hostPaths } }) => {
      const shown = hostPaths.slice(0, SHOWN_PATHS).join(", ");
      return `${path}: ${hostPaths.length} paths, such as ${shown}`;
    });
    return judgeFindings(details, {
      fine: "none",
      found: `${leaking.length} of ${libraries.length} libraries hold paths below ${roots.join(", ")}`,
      status: "warn",
      hint: "Compile with -ffile-prefix-map=<folder>=.",
    });
  },
};

/** Whether licence texts come along. */
export const licences: Check = {
  name: "licences",
  question: "Does it bring the licences of what is inside?",
  judge: ({ licences: found }) =>
    found.length > 0
      ? { status: "pass", summary: found.slice(0, 3).join(", ") + (found.length > 3 ? ", …" : "") }
      : {
        status: "warn",
        summary: "no licence text",
        hint: "Most licences ask for their text to come along with the program",
      },
};

/** Those that go into apps: the others are meant to have symbols. */
function packedLibraries({ libraries }: Aar): Library[] {
  return libraries.filter(({ isPacked }) => isPacked);
}
