/**
 * What Gradle resolves while it builds the AARs: locked, and laid out as a repository that it reads offline.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Step } from "../../../../engine/mod.ts";
import type { Materials } from "../../../materials.ts";
import { GRADLE_LOCK, gradleInput, type GradleLock } from "./lock.ts";

export { type Repositories, resolveClosure } from "./closure.ts";
export {
  GRADLE_LOCK,
  type GradleLock,
  LOCK_COMMAND,
  type LockedFile,
  readGradleLock,
  REPOSITORIES,
  repositoryOf,
  urlOf,
} from "./lock.ts";
export type { PomId } from "./pom.ts";
export { CONFIGURATIONS } from "./requests.ts";

const FOLDER = "recipes/torch_android/java/gradle";

/** The lock, in the repository. */
export const GRADLE_LOCK_PATH = `${FOLDER}/${GRADLE_LOCK}`;

/** `repository/`, and `verification-metadata.xml` with its checksums. */
export function gradleDependencies(materials: Pick<Materials, "vulkanSdk">, lock: GradleLock): Step {
  return {
    name: "torch-android/gradle-dependencies",
    image: materials.vulkanSdk,
    inputs: {
      ...Object.fromEntries(lock.files.map((file) => [`files/${file.path}`, gradleInput(file)])),
      recipe: { kind: "files", folder: FOLDER, only: ["repository.py", GRADLE_LOCK] },
    },
    environment: {},
    script: `python3 /in/recipe/repository.py /in/recipe/${GRADLE_LOCK} /in/files /out`,
    outputs: ["repository", "verification-metadata.xml"],
    resources: DEFAULT_RESOURCES,
  };
}
