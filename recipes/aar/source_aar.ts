/**
 * The lane that builds AARs from source: libtorch for each ABI, upstream's Java and JNI parts over them, normalised and
 * laid out as a Maven repository.
 *
 * @module
 */
import { EngineError, type Step } from "../../engine/mod.ts";
import type { Materials } from "../materials.ts";
import { JAVA_FILES, JAVA_MODULES, type NativeParts, torchJava } from "../torch_android/java/java.ts";
import type { TorchAndroidOptions } from "../torch_android/options.ts";
import { type AarLane, assertGroup, type LaneAar, normaliseStep, repositoryStep } from "./lane.ts";
import { AAR_FILES, FBJNI, nativeLoader } from "./official.ts";

/** The version of PyTorch that is built. */
export const SOURCE_VERSION = "1.13.1";

/** What upstream's version is followed by: the bytes are not upstream's, whatever group they are published under. */
const SUFFIX = "vkforge";

/** Options of {@linkcode sourceLane}. */
export interface SourceOptions {
  /** Of PyTorch. */
  readonly version: string;
  /** Group of the modules in the repository. */
  readonly group: string;
  readonly options: TorchAndroidOptions;
  readonly native: NativeParts;
  /** See `gradleDependencies`. */
  readonly dependencies: Step;
}

/** What the lane of source makes. */
export interface SourceLane extends AarLane {
  /** What Gradle made, before it is normalised. */
  readonly java: Step;
}

/**
 * AARs built from source.
 *
 * @throws {EngineError} "source-gone" for another version of PyTorch; "usage"
 */
export function sourceLane(materials: Materials, parts: SourceOptions): SourceLane {
  const { version, group, options, native, dependencies } = parts;
  assertGroup(group);
  if (version !== SOURCE_VERSION) {
    throw new EngineError(
      "source-gone",
      `Cannot build PyTorch ${version} from source: the lock pins ${SOURCE_VERSION}`,
      {
        hint: "Leave --version out, or take official AARs with --from maven",
        subject: version,
      },
    );
  }
  const java = torchJava(materials, { options, native, dependencies });
  const aars = JAVA_MODULES.map((module) => laneAar(module, options));
  const normalised = aars.map((aar, index) =>
    normaliseStep(materials, aar, {
      name: `torch-android/${aar.artifact}`,
      files: Object.fromEntries(
        AAR_FILES.map((kind) => [kind, {
          input: { kind: "step", step: java },
          fileName: `${JAVA_MODULES[index] ?? ""}${JAVA_FILES[kind]}`,
        }]),
      ) as Parameters<typeof normaliseStep>[2]["files"],
    })
  );
  const repository = repositoryStep(materials, {
    name: `torch-android/maven-${options.variant}`,
    group,
    aars,
    normalised,
  });
  return { group, aars, normalised, repository, java };
}

function laneAar(module: typeof JAVA_MODULES[number], options: TorchAndroidOptions): LaneAar {
  const { variant, abis } = options;
  // The lite interpreter's artifacts are upstream's names with "_lite".
  const artifactOf = (name: string) => variant === "full" ? name : `${name}_lite`;
  const version = `${SOURCE_VERSION}-${SUFFIX}`;
  const isTorchvision = module === "pytorch_android_torchvision";
  return {
    artifact: artifactOf(module),
    version,
    variant,
    name: `${isTorchvision ? "Torchvision" : "PyTorch"} for Android (${
      variant === "full" ? "full JIT" : "lite interpreter"
    })`,
    description: `PyTorch ${SOURCE_VERSION} with the Vulkan backend of vkforge, for ${abis.join(", ")}`,
    dependencies: isTorchvision
      ? [{ group: "org.pytorch", artifact: artifactOf("pytorch_android"), version }, nativeLoader("0.10.4")]
      : [FBJNI, nativeLoader("0.10.4")],
    knownFaults: [],
  };
}
