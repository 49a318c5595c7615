/**
 * Checks of the archive and of what every AAR must have.
 *
 * @module
 */
import { ABIS, RETIRED_ABIS } from "../abi.ts";
import { type Check, judgeFindings } from "../check.ts";
import { isReadable } from "../read_aar.ts";

/** Whether the archive is whole. */
export const archive: Check = {
  name: "archive",
  question: "Is the zip archive whole, and every entry what the directory says?",
  judge: ({ zip, damagedEntries }) =>
    judgeFindings([...zip.damage, ...damagedEntries], {
      fine: `${zip.entries.length} entries, all of them whole`,
      found: "the archive is damaged",
      hint: "Fetch or build it again",
    }),
};

/** Whether it can be unpacked without harm. */
export const archiveSafety: Check = {
  name: "archive-safety",
  question: "Can it be unpacked without harm: no names that leave the folder, links, duplicates, bombs?",
  judge: ({ zip }) =>
    judgeFindings(zip.danger, {
      fine: "no name leaves the folder, no links, duplicates or bombs",
      found: "unpacking it does harm",
      hint: "Do not unpack it; ask where it came from",
    }),
};

/** Whether things are where Android's tools look for them. */
export const layout: Check = {
  name: "layout",
  question: "Are manifest, classes and libraries where Android's tools look for them?",
  judge: ({ zip, libraries }) => {
    const names = new Set(zip.entries.map(({ name }) => name));
    const missing = ["AndroidManifest.xml", "classes.jar"].filter((name) => !names.has(name))
      .map((name) => `"${name}" is missing`);
    const misplaced = libraries.flatMap(({ path }) => {
      const [top, abi = "", ...rest] = path.split("/");
      if (top === "assets" || top === "prefab") return [];
      if (top !== "jni" || rest.length !== 1) return [`"${path}" is not in jni/<ABI>/`];
      if (RETIRED_ABIS.includes(abi)) return [`"${path}" is for ${abi}, which Android no longer loads`];
      return abi in ABIS ? [] : [`"${path}" is in a folder that is no ABI`];
    });
    return judgeFindings([...missing, ...misplaced], {
      fine: "manifest, classes and libraries are in their places",
      found: "parts are missing or misplaced",
    });
  },
};

/** Whether the manifest can be read and says what is needed. */
export const manifest: Check = {
  name: "manifest",
  question: "Is the manifest readable, with package and lowest API level?",
  judge: (aar) => {
    if (!isReadable(aar.manifest)) {
      return { status: "fail", summary: `AndroidManifest.xml ${aar.manifest.fault}` };
    }
    const { package: name, minSdk, targetSdk, permissions } = aar.manifest;
    const summary = `${name ?? "no package"}, lowest API level ${minSdk ?? "not given"}` +
      (targetSdk === undefined ? "" : `, made for ${targetSdk}`);
    const details = [
      ...(name === undefined ? ["it names no package"] : []),
      ...(minSdk === undefined ? ["it gives no lowest API level, so Android assumes 1"] : []),
      ...permissions.map((permission) => `apps get the permission ${permission}`),
    ];
    return { status: details.length === 0 ? "pass" : "warn", summary, details };
  },
};

/** Whether every class can be read. */
export const classes: Check = {
  name: "classes",
  question: "Is every class readable, and where its name says?",
  judge: ({ jars }) => {
    const count = jars.reduce((sum, jar) => sum + jar.classes.length, 0);
    const newest = Math.max(0, ...jars.flatMap((jar) => jar.classes.map(({ majorVersion }) => majorVersion)));
    return judgeFindings(jars.flatMap(({ path, faults }) => faults.map((fault) => `${path}: ${fault}`)), {
      fine: count === 0 ? "no classes" : `${count} classes, for Java ${newest - 44} or newer`,
      found: "classes cannot be read",
    });
  },
};
