/**
 * The lane of source with stand-ins for what cannot be had everywhere: Gradle 6.8.3 and the Android plug-in, the NDK, the
 * SDK, libtorch. Upstream's Java files, its scripts for Gradle and CMake, and all of the recipe's own steps are real.
 *
 * @module
 */
import { join } from "node:path";
import { debianImage } from "../../../docker/mod.ts";
import {
  DEFAULT_RESOURCES,
  type Host,
  type Input,
  type LockedSource,
  type Step,
} from "../../../engine/mod.ts";
import { readPackagesLock } from "../../../engine/lock/mod.ts";
import { type SourceLane, sourceLane } from "../../../recipes/aar/source_aar.ts";
import type { Materials } from "../../../recipes/materials.ts";
import {
  AAPT2_SOURCE,
  BUILD_TOOLS_SOURCE,
  type NativeParts,
} from "../../../recipes/torch_android/java/java.ts";
import { packagesLockPath, type Project } from "../../../recipes/project.ts";
import { gradleDependencies, readGradleLock } from "../../../recipes/torch_android/java/gradle/mod.ts";
import {
  type AndroidMaterials,
  parseTorchAndroidOptions,
  torchAndroidSteps,
} from "../../../recipes/torch_android/mod.ts";
import { ndkStandin } from "../../ndk_standin/standin.ts";
import { AAR_STANDIN } from "./image.ts";

/** Files of the test's own that stand in for pinned ones. */
export interface StandinFiles {
  /** Constants of libtorch: names of operators and SPIR-V. */
  readonly constants: LockedSource;
  /** A zip archive with the program `aapt2`. */
  readonly aapt2: LockedSource;
  /** A zip archive with one top folder. */
  readonly buildTools: LockedSource;
}

/** Options of {@linkcode standinLane}. */
export interface StandinOptions {
  /** Leaves files out of Gradle's repository: those whose path begins so. */
  readonly without?: string;
  /** Default: full. */
  readonly variant?: "full" | "lite";
}

/** The lane's graph; nothing runs. */
export async function standinLane(
  host: Host,
  project: Project,
  files: StandinFiles,
  { without, variant = "full" }: StandinOptions = {},
): Promise<{ readonly lane: SourceLane; readonly parts: NativeParts }> {
  const lock = await readPackagesLock(host, packagesLockPath(project.repository, AAR_STANDIN));
  const image = debianImage(AAR_STANDIN, lock);
  const { materials } = project;
  // The archive of PyTorch that Debian has, in place of the git repository.
  const debian: AndroidMaterials = {
    ...materials,
    ndkR21e: image,
    source: (name, fileName) => materials.source(name === "pytorch-git" ? "pytorch" : name, fileName),
  };
  const options = parseTorchAndroidOptions({ abis: ["arm64-v8a"], variant });
  const step = (name: string, rest: Pick<Step, "inputs" | "outputs">): Step => ({
    name: `standin/aar-${name}`,
    image,
    environment: {},
    script: `bash /in/files/${name}.sh`,
    resources: DEFAULT_RESOURCES,
    ...rest,
    inputs: { ...rest.inputs, files: own([`${name}.sh`, `${name}/`, ...MORE_FILES[name] ?? []]) },
  });
  const source = step("source", {
    inputs: { source: { kind: "step", step: torchAndroidSteps(debian, options).source, path: "src" } },
    outputs: ["src"],
  });
  const abi = step("abi", {
    inputs: {
      constants: { kind: "source", name: "constants", source: files.constants, fileName: "constants.bin" },
    },
    outputs: ["install", "shared"],
  });
  const gradle: Step = {
    ...step("gradle", { inputs: {}, outputs: ["gradle"] }),
    script: "install -D -m 755 /in/files/gradle.sh /out/gradle/bin/gradle",
  };
  const gradleLock = readGradleLock(
    host,
    join(project.repository, "recipes/torch_android/java/gradle/gradle.lock.json"),
  );
  const facebook = gradleLock.files.filter(({ path }) =>
    path.startsWith("com/facebook/") && (without === undefined || !path.startsWith(without))
  );
  const dependencies = step("dependencies", {
    inputs: {
      real: { kind: "step", step: standinRepository(materials, { ...gradleLock, files: facebook }) },
    },
    outputs: ["repository", "verification-metadata.xml"],
  });
  const standins: Readonly<Record<string, LockedSource>> = {
    [AAPT2_SOURCE]: files.aapt2,
    [BUILD_TOOLS_SOURCE]: files.buildTools,
  };
  const withStandins: Materials = {
    ...materials,
    source: (name, fileName) => {
      const source = standins[name];
      if (source === undefined) return materials.source(name, fileName);
      return { kind: "source", name, source, fileName: fileName ?? name };
    },
  };
  const parts: NativeParts = {
    image,
    ndk: (await ndkStandin(host, project)).ndk,
    sdk: step("sdk", { inputs: {}, outputs: ["sdk"] }),
    gradle,
    source,
    abis: new Map([["arm64-v8a", abi]]),
  };
  const lane = sourceLane(withStandins, {
    version: "1.13.1",
    group: "com.example",
    options,
    native: parts,
    dependencies,
  });
  return { lane, parts };
}

/** Maven and Gradle as users of the published folder: `maven`, what was resolved; `classes`, what was compiled. */
export function consumer(lane: SourceLane, { image, sdk }: NativeParts): Step {
  return {
    name: "standin/aar-consumer",
    image,
    inputs: {
      repository: { kind: "step", step: lane.repository },
      sdk: { kind: "step", step: sdk, path: "sdk" },
      files: own(["consumer.sh", "consumer/"]),
    },
    environment: {},
    script: "bash /in/files/consumer.sh",
    outputs: ["maven", "classes"],
    resources: DEFAULT_RESOURCES,
  };
}

/** Files that a script reads besides those of its name. */
const MORE_FILES: Readonly<Record<string, readonly string[]>> = {
  dependencies: ["plugin/"],
  sdk: ["platform/"],
};

function own(only: readonly string[]): Input {
  return { kind: "files", folder: "tests/aar/standin", only };
}

/** The recipe's step for some of the locked files: the script takes what its lock lists, so it gets a lock of its own. */
function standinRepository(
  materials: Pick<Materials, "vulkanSdk">,
  lock: Parameters<typeof gradleDependencies>[1],
): Step {
  const real = gradleDependencies(materials, lock);
  return {
    ...real,
    name: "standin/aar-repository",
    script: [
      "cat > lock.json <<'END'",
      JSON.stringify(lock, undefined, 1),
      "END",
      "python3 /in/recipe/repository.py lock.json /in/files /out",
    ].join("\n"),
  };
}
