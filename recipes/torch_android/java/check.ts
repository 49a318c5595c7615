/**
 * The tests of this folder's Python files as a step.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Step } from "../../../engine/mod.ts";
import type { Materials } from "../../materials.ts";

/** `log`; the step fails if a test does. */
export function javaCheck(materials: Pick<Materials, "vulkanSdk">): Step {
  return {
    name: "check/torch-android-java",
    image: materials.vulkanSdk,
    inputs: {
      recipe: {
        kind: "files",
        folder: "recipes/torch_android/java",
        only: [
          "explain_gradle.py",
          "explain_gradle_test.py",
          "gradle/repository.py",
          "gradle/repository_test.py",
          "pack_aar.py",
          "pack_aar_test.py",
        ],
      },
    },
    environment: { PYTHONDONTWRITEBYTECODE: "1" },
    script: [
      "for folder in /in/recipe /in/recipe/gradle; do",
      '  python3 -m unittest discover -s "$folder" -p "*_test.py" >> log 2>&1 || { cat log; exit 1; }',
      "done",
      // How long it took is not part of what it made.
      "sed 's/ in [0-9.]*s$//' log > /out/log",
    ].join("\n"),
    outputs: ["log"],
    resources: DEFAULT_RESOURCES,
  };
}
