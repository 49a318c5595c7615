/**
 * The tests of what is not TypeScript, as steps: they run in the image, and only when something they test changed.
 *
 * @module
 */
import { DEFAULT_RESOURCES, type Input, type Step } from "../engine/mod.ts";
import { models, testScript } from "../models/mod.ts";
import { agreementStep } from "./check_ops/mod.ts";
import { type HostRuntime, hostRuntime } from "./host_runtime/host_runtime.ts";
import type { Materials } from "./materials.ts";
import { type SoftwareDriver, swiftshaderDriver } from "./drivers/driver.ts";
import { FAMILIES, opsTableStep } from "./ops_table/ops_table.ts";

/** What is tested, each a step that fails if a test does. */
export interface Checks {
  /** The conversion code and the models' definitions. */
  readonly models: Step;
  /** The runner's parts that need no libtorch. */
  readonly runner: Step;
  /** That every patch mends the fault it is for: the stock backend shows it, the patched one does not. */
  readonly patches: Step;
  /** That check-ops says of whole modules what the truth table measured, for both backends. */
  readonly checkOps: readonly Step[];
}

/** The steps that test. */
export function checks(materials: Materials): Checks {
  const patched = hostRuntime(materials, "vkforge");
  const stock = hostRuntime(materials, "stock");
  const driver = swiftshaderDriver(materials);
  const image = materials.vulkanSdk;
  const swiftshader = driver.inputs.driver!;
  return {
    models: {
      name: "check/models",
      image,
      inputs: {
        models: {
          kind: "files",
          folder: "models",
          only: [
            "convert/",
            "graph/",
            "ops/",
            "rewrites/",
            "tests/",
            ...models.map(({ name }) => `${name}/`),
          ],
        },
        plugin: { kind: "step", step: patched.plugin, path: "lib" },
        stock: { kind: "step", step: stock.plugin, path: "lib" },
        swiftshader,
      },
      environment: {
        VKFORGE_PLUGIN: "/in/plugin/libvkforge_vulkan.so",
        VKFORGE_STOCK_PLUGIN: "/in/stock/libvkforge_vulkan.so",
        VK_DRIVER_FILES: "/in/swiftshader/vk_swiftshader_icd.json",
        VK_ICD_FILENAMES: "/in/swiftshader/vk_swiftshader_icd.json",
      },
      script: `(${testScript()}) > /build/log 2>&1 || { cat /build/log; exit 1; }\ncp /build/log /out/log`,
      outputs: ["log"],
      resources: { ...DEFAULT_RESOURCES, memoryBytes: 4 * 2 ** 30 },
    },
    runner: {
      name: "check/runner",
      image,
      inputs: { runner: { kind: "files", folder: "runner", only: ["CMakeLists.txt", "src/", "tests/"] } },
      environment: {},
      script: [
        "cmake -S /in/runner -B build -G Ninja -DCMAKE_BUILD_TYPE=None -DVKFORGE_BUILD_RUNNER=OFF",
        'cmake --build build --parallel "${JOBS:-1}"',
        "ctest --test-dir build --output-on-failure | tee /out/log",
      ].join("\n"),
      outputs: ["log"],
      resources: { ...DEFAULT_RESOURCES, cpus: 2 },
    },
    patches: {
      name: "check/patches",
      image,
      inputs: {
        stock: { kind: "step", step: stock.plugin },
        patched: { kind: "step", step: patched.plugin },
        runner: { kind: "step", step: patched.runner },
        swiftshader,
        tests: { kind: "files", folder: "recipes/host_runtime/tests" },
        patches: { kind: "files", folder: "recipes/patches/vulkan" },
        ops: { kind: "files", folder: "recipes/vulkan_ops/ops" },
        recipe: { kind: "files", folder: "recipes/host_runtime", only: ["patch_test.sh"] },
        ...truthTables(driver, { stock, patched }),
      },
      environment: {},
      script: "bash /in/recipe/patch_test.sh",
      outputs: ["patch_test.json"],
      resources: { ...DEFAULT_RESOURCES, memoryBytes: 4 * 2 ** 30 },
    },
    checkOps: [agreementStep(materials, "vkforge"), agreementStep(materials, "stock")],
  };
}

/** The truth tables of both backends, which show what each patch mends. */
function truthTables(
  driver: SoftwareDriver,
  runtimes: { readonly stock: HostRuntime; readonly patched: HostRuntime },
): Record<string, Input> {
  return Object.fromEntries(FAMILIES.flatMap((family) => {
    const table = (runtimeName: "stock" | "vkforge", runtime: HostRuntime): Input => ({
      kind: "step",
      step: opsTableStep({ family, driver, runtimeName, runtime }),
    });
    return [
      [`stock_${family}`, table("stock", runtimes.stock)],
      [`patched_${family}`, table("vkforge", runtimes.patched)],
    ];
  }));
}
