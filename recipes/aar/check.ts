/**
 * The tests of this folder's Python files as a step: they run in the image whose Python packs the AARs.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Step } from "../../engine/mod.ts";
import type { Materials } from "../materials.ts";

/** `log`; the step fails if a test does. */
export function aarCheck(materials: Materials): Step {
  return {
    name: "check/aar",
    image: materials.vulkanSdk,
    inputs: {
      recipe: {
        kind: "files",
        folder: "recipes/aar",
        only: ["normalise.py", "normalise_test.py", "maven_repository.py", "maven_repository_test.py"],
      },
    },
    environment: { PYTHONDONTWRITEBYTECODE: "1" },
    script: [
      "python3 -m unittest discover -s /in/recipe -p '*_test.py' > log 2>&1 || { cat log; exit 1; }",
      // How long it took is not part of what it made.
      "sed 's/ in [0-9.]*s$//' log > /out/log",
    ].join("\n"),
    outputs: ["log"],
    resources: DEFAULT_RESOURCES,
  };
}
