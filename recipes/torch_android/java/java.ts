/**
 * The Java part of torch for Android: upstream's build_pytorch_android.sh, with Gradle offline, over native libraries
 * that are built already.
 *
 * @module
 */
import { DEFAULT_RESOURCES, EngineError, type Image, type Input, type Step } from "../../../engine/mod.ts";
import type { Materials } from "../../materials.ts";
import { type Abi, type AbiOptions, abiOptions, type TorchAndroidOptions } from "../options.ts";

/** Source in the lock with the Android plug-in's resource compiler. */
export const AAPT2_SOURCE = "aapt2";

/**
 * Source in the lock with the build tools that the Android plug-in 4.1.2 takes whatever a project asks for: it ignores
 * those before 29.0.2, upstream's 28.0.3 among them.
 */
export const BUILD_TOOLS_SOURCE = "android-sdk-build-tools-29.0.2";

/** What the native part gives. */
export interface NativeParts {
  /** JDK, CMake, Python. */
  readonly image: Image;
  /** `ndk/` */
  readonly ndk: Step;
  /** `sdk/` */
  readonly sdk: Step;
  /** `gradle/` */
  readonly gradle: Step;
  /** `src/`, PyTorch with its submodules. */
  readonly source: Step;
  /** `install/`, `shared/`, of each ABI. */
  readonly abis: ReadonlyMap<Abi, Step>;
}

/** Options of {@linkcode torchJava}. */
export interface JavaOptions {
  readonly options: TorchAndroidOptions;
  readonly native: NativeParts;
  /** See `gradleDependencies`. */
  readonly dependencies: Step;
}

/** The modules, by upstream's names. */
export const JAVA_MODULES = ["pytorch_android", "pytorch_android_torchvision"] as const;

/** Kinds of files of a module, by what their names end in. */
export const JAVA_FILES = { aar: ".aar", sources: "-sources.jar", javadoc: "-javadoc.jar" } as const;

/**
 * An AAR, sources and documentation of each module, in their normal form.
 *
 * @throws {EngineError} "usage" for ABIs that one AAR cannot hold together
 */
export function torchJava(materials: Pick<Materials, "source">, parts: JavaOptions): Step {
  const { options, native, dependencies } = parts;
  const abis = options.abis;
  return {
    name: `torch-android/java-${options.variant}`,
    image: native.image,
    inputs: {
      source: { kind: "step", step: native.source, path: "src" },
      ndk: { kind: "step", step: native.ndk, path: "ndk" },
      sdk: { kind: "step", step: native.sdk, path: "sdk" },
      gradle: { kind: "step", step: native.gradle, path: "gradle" },
      ...Object.fromEntries(abis.map((abi): [string, Input] => {
        const step = native.abis.get(abi);
        if (step === undefined) throw new Error(`no step for ${abi}`);
        return [`abi/${abi}`, { kind: "step", step }];
      })),
      dependencies: { kind: "step", step: dependencies },
      aapt2: materials.source(AAPT2_SOURCE, "aapt2.jar"),
      "build-tools": materials.source(BUILD_TOOLS_SOURCE, "build-tools.zip"),
      native: { kind: "files", folder: "recipes/torch_android", only: ["check_jdk.sh"] },
      normalise: { kind: "files", folder: "recipes/aar", only: ["normalise.py"] },
      recipe: {
        kind: "files",
        folder: "recipes/torch_android/java",
        only: ["explain_gradle.py", "java.sh", "pack_aar.py", "patches/"],
      },
    },
    environment: {
      ABIS: abis.join(","),
      VARIANT: options.variant,
      STL: common(options, "stl"),
      STRIP: String(common(options, "strip")),
    },
    script: "bash /in/recipe/java.sh",
    outputs: JAVA_MODULES.flatMap((module) => Object.values(JAVA_FILES).map((end) => `${module}${end}`)),
    resources: {
      ...DEFAULT_RESOURCES,
      cpus: 4,
      // Gradle's own processes take 1.5 GB, linking the whole of libtorch 2 GB for each ABI.
      memoryBytes: 6 * 2 ** 30,
      processes: 2048,
      timeoutMs: 2 * 60 * 60_000,
    },
  };
}

/** The choice that all ABIs make alike. */
function common<K extends "stl" | "strip">(options: TorchAndroidOptions, key: K): AbiOptions[K] {
  const choices = new Map(options.abis.map((abi) => [abiOptions(options, abi)[key], abi]));
  const [[choice] = []] = choices;
  if (choices.size === 1 && choice !== undefined) return choice;
  const each = [...choices].map(([value, abi]) => `${String(value)} for ${abi}`).join(" and ");
  throw new EngineError("usage", `Cannot pack one AAR with "${key}" ${each}`, {
    hint:
      "Gradle links and strips the JNI libraries of all ABIs alike: choose one for all, or build an AAR for each",
  });
}
