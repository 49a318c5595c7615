/**
 * Torch for Android with stand-ins for what Google and GitHub have: Debian's cross compiler for the NDK, Debian's archive
 * of PyTorch and headers of its packages for the sources. The steps are the recipe's own; only what they read differs.
 *
 * @module
 */
import { debianImage } from "../../docker/mod.ts";
import { DEFAULT_RESOURCES, type Host, type Image, type Input, type Step } from "../../engine/mod.ts";
import { readPackagesLock } from "../../engine/lock/mod.ts";
import { packagesLockPath, type Project } from "../../recipes/project.ts";
import {
  abiStep,
  type AndroidMaterials,
  parseTorchAndroidOptions,
  torchAndroidSteps,
} from "../../recipes/torch_android/mod.ts";
import { HEADER_PACKAGES, POCKETFFT_SOURCE } from "../../recipes/torch_source/torch_source.ts";
import { NDK_STANDIN } from "./image.ts";

/** The steps with stand-ins. */
export interface Standin {
  readonly ndk: Step;
  readonly source: Step;
  /** Upstream's build_android.sh as far as CMake's configuring: `calls`, `compile_commands.json`. */
  readonly configure: Step;
  /** The same with every option turned. */
  readonly options: Step;
  /** As `configure`, then c10 and the Vulkan backend compiled: besides, `objects`, a list with sizes and machines. */
  readonly compile: Step;
  /** link_libcxx.sh: `shared/libc++_shared.so`. */
  readonly libcxx: Step;
  /** collect.sh on archives of one function each: `install` and `bin/speed_benchmark_torch`. */
  readonly collect: Step;
}

/** The graph; nothing runs. */
export async function ndkStandin(host: Host, project: Project): Promise<Standin> {
  const lock = await readPackagesLock(host, packagesLockPath(project.repository, NDK_STANDIN));
  const image = debianImage(NDK_STANDIN, lock);
  const { materials } = project;
  const debian: AndroidMaterials = {
    ...materials,
    ndkR21e: image,
    source: (name, fileName) => materials.source(name === "pytorch-git" ? "pytorch" : name, fileName),
  };
  const options = parseTorchAndroidOptions({});
  const ndk: Step = {
    name: "standin/ndk",
    image,
    inputs: { files: files("ndk/"), recipe: files("ndk.sh") },
    environment: {},
    script: "bash /in/recipe/ndk.sh",
    outputs: ["ndk"],
    resources: DEFAULT_RESOURCES,
  };
  const source: Step = {
    name: "standin/source",
    image,
    inputs: {
      source: { kind: "step", step: torchAndroidSteps(debian, options).source, path: "src" },
      ...Object.fromEntries(
        HEADER_PACKAGES.map((name) => [`packages-${name}`, materials.source(name, `${name}.deb`)]),
      ),
      numpy: materials.source(POCKETFFT_SOURCE, "numpy.tar.gz"),
      kineto: { kind: "files", folder: "recipes/torch_source", only: ["ActivityType.h"] },
      recipe: files("third_party.sh"),
    },
    environment: {},
    script: "bash /in/recipe/third_party.sh",
    outputs: ["src"],
    resources: DEFAULT_RESOURCES,
  };
  const real = abiStep("arm64-v8a", { ...options, image, ndk, source });
  const partly = (
    name: string,
    { of = real, targets = "", then = "", outputs = [] }: {
      readonly of?: Step;
      readonly targets?: string;
      readonly then?: string;
      readonly outputs?: readonly string[];
    },
  ): Step => ({
    ...of,
    name: `standin/${name}`,
    inputs: { ...of.inputs, recipe: recipe("build_torch.sh", "check_ndk.sh"), standin: files("bin/") },
    environment: {
      ...of.environment,
      STANDIN_LOG: "/out/calls",
      STANDIN_TARGETS: targets,
      STANDIN_HEADERS: "/build/pytorch/third_party/system",
    },
    script: [
      "export PATH=/in/standin/bin:$PATH",
      of.script.split("\nbash /in/recipe/collect.sh")[0],
      "cp build_android/compile_commands.json /out",
      then,
    ].join("\n"),
    outputs: ["calls", "compile_commands.json", ...outputs],
    resources: { ...of.resources, cpus: 2, memoryBytes: 6 * 2 ** 30 },
  });
  const small = (name: string, before: string, outputs: readonly string[]): Step => ({
    ...real,
    name: `standin/${name}`,
    inputs: { ndk: { kind: "step", step: ndk, path: "ndk" }, recipe: recipe(`${name}.sh`) },
    script: `${before}bash /in/recipe/${name}.sh`,
    outputs,
    resources: DEFAULT_RESOURCES,
  });
  return {
    ndk,
    source,
    configure: partly("configure", {}),
    options: partly("options", {
      of: abiStep("arm64-v8a", { ...options, ...EVERY_OPTION, image, ndk, source }),
    }),
    compile: partly("compile", { targets: COMPILED.join(" "), then: LIST_OBJECTS, outputs: ["objects"] }),
    libcxx: small("link_libcxx", "", ["shared/libc++_shared.so"]),
    collect: small("collect", FAKE_INSTALL, [
      "install/lib",
      "install/include",
      "bin/speed_benchmark_torch",
    ]),
  };
}

/** Whether the programs of the real image run: `versions`. */
export function imageCheck(image: Image): Step {
  return {
    name: "standin/image",
    image,
    inputs: { recipe: { kind: "files", folder: "recipes/torch_android", only: ["check_jdk.sh"] } },
    environment: {},
    script: `bash /in/recipe/check_jdk.sh
{ java --version; javac --version; cmake --version; ninja --version; unzip -v | head -n 1
  python3 -c 'import yaml, typing_extensions; print(yaml.__version__)'; } > /out/versions`,
    outputs: ["versions"],
    resources: DEFAULT_RESOURCES,
  };
}

/** Each option other than what it is if nothing is said. */
export const EVERY_OPTION = {
  variant: "lite",
  fp16: true,
  relaxedPrecision: true,
  stl: "c++_static",
  strip: false,
  selectedOps: ["aten::relu"],
} as const;

/** Targets of Ninja: a library, the wrapper, and all objects of the backend (a rule that the wrapper of CMake expands). */
const COMPILED = ["c10", "VulkanWrapper", "@vulkan"];

const LIST_OBJECTS = `find build_android -name '*.o' | LC_ALL=C sort | while read -r object; do
  machine=$(aarch64-linux-gnu-readelf -h "$object" | sed -n 's/^ *Machine: *//p')
  echo "$machine $(stat -c %s "$object") \${object#build_android/}"
done > /out/objects`;

/** What a build would have installed, of one function in each archive and with debug information. */
const FAKE_INSTALL = `mkdir -p build_android/install/{bin,include/ATen,lib/pkgconfig}
cd build_android/install
echo 'int f() { return 1; }' > f.cpp
aarch64-linux-gnu-g++ -c -g f.cpp -o f.o
for name in c10 clog cpuinfo eigen_blas fmt nnpack pthreadpool pytorch_qnnpack torch torch_cpu XNNPACK; do
  aarch64-linux-gnu-ar rcsU "lib/lib$name.a" f.o
done
echo 'int main() { return 0; }' > main.cpp
aarch64-linux-gnu-g++ -g main.cpp -o bin/speed_benchmark_torch
touch include/ATen/ATen.h lib/pkgconfig/fmt.pc
cd ../..
`;

function recipe(...only: readonly string[]): Input {
  return { kind: "files", folder: "recipes/torch_android", only };
}

function files(only: string): Input {
  return { kind: "files", folder: "tests/ndk_standin", only: [only] };
}
