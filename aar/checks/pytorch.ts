/**
 * Checks of PyTorch's AARs: the interpreter, the Java side, the Vulkan backend.
 *
 * @module
 */
import { type Check, judgeFindings, type Judgement } from "../check.ts";
import type { Aar, Library } from "../read_aar.ts";

/** The library behind the Java classes: full JIT or lite interpreter. */
export const JNI_LIBRARIES: Readonly<Record<string, "full" | "lite">> = {
  "libpytorch_jni.so": "full",
  "libpytorch_jni_lite.so": "lite",
};

/** Which interpreters are inside. */
export function variantsOf(aar: Aar): Array<"full" | "lite"> {
  return [...new Set(aar.libraries.flatMap(({ name }) => JNI_LIBRARIES[name] ?? []))].sort();
}

/** Whether it is an AAR of PyTorch at all. */
export function isPytorch(aar: Aar): boolean {
  return variantsOf(aar).length > 0 || classNames(aar).some((name) => name.startsWith("org/pytorch/Module"));
}

const NOT_PYTORCH: Judgement = { status: "none", summary: "not PyTorch" };

/** Classes that only the lite interpreter has. */
const LITE_CLASSES = ["org/pytorch/LiteModuleLoader", "org/pytorch/LiteNativePeer"];
const COMMON_CLASSES = [
  "org/pytorch/Module",
  "org/pytorch/Tensor",
  "org/pytorch/IValue",
  "org/pytorch/Device",
];

/** Whether libraries and classes are of one variant. */
export const jniVariant: Check = {
  name: "jni-variant",
  question: "Is it either full JIT or lite interpreter, in libraries and classes alike?",
  judge: (aar) => {
    if (!isPytorch(aar)) return NOT_PYTORCH;
    const variants = variantsOf(aar);
    const [variant] = variants;
    if (variant === undefined || variants.length > 1) {
      return {
        status: "fail",
        summary: variant === undefined
          ? "the classes have no library libpytorch_jni.so or libpytorch_jni_lite.so"
          : "it holds libraries of both variants, full and lite",
      };
    }
    const names = new Set(classNames(aar));
    const jniLibrary = variant === "full" ? "libpytorch_jni.so" : "libpytorch_jni_lite.so";
    const abis = [...new Set(aar.libraries.map(({ abi }) => abi))];
    const details = [
      ...abis.filter((abi) => !aar.libraries.some((one) => one.abi === abi && one.name === jniLibrary))
        .map((abi) => `${abi} has no ${jniLibrary}`),
      ...LITE_CLASSES.flatMap((name) => {
        if (names.has(name) === (variant === "lite")) return [];
        return [`the class ${name} ${variant === "lite" ? "is missing" : "needs libpytorch_jni_lite.so"}`];
      }),
    ];
    return judgeFindings(details, {
      fine: variant === "full" ? "full JIT" : "lite interpreter",
      found: `libraries are ${variant}, other parts are not`,
      hint: "Set BUILD_LITE_INTERPRETER alike for CMake and for Gradle",
    });
  },
};

/** Whether the Java side is there and knows Vulkan. */
export const pytorchClasses: Check = {
  name: "pytorch-classes",
  question: "Are PyTorch's classes there, Device.VULKAN among them?",
  judge: (aar) => {
    if (!isPytorch(aar)) return NOT_PYTORCH;
    const names = new Set(classNames(aar));
    const details = COMMON_CLASSES.filter((name) => !names.has(name)).map((name) => `${name} is missing`);
    const device = aar.jars.flatMap(({ classes }) => classes).find(({ name }) =>
      name === "org/pytorch/Device"
    );
    if (device !== undefined && !device.fields.some(({ name }) => name === "VULKAN")) {
      details.push("org/pytorch/Device has no VULKAN: a module cannot be loaded for the GPU");
    }
    const count = [...names].filter((name) => name.startsWith("org/pytorch/")).length;
    return judgeFindings(details, {
      fine: `${count} classes, Device.VULKAN among them`,
      found: "classes are missing",
    });
  },
};

/** Fewer shaders than this and it is not the whole backend: 1.10 has 44 of them, 1.13.1 has 63. */
const LEAST_SHADERS = 20;

/** Whether the Vulkan backend is compiled in. */
export const vulkanBackend: Check = {
  name: "vulkan-backend",
  question: "Is the Vulkan backend compiled in, for every ABI: its operators and its shaders?",
  judge: (aar) => {
    if (!isPytorch(aar)) return NOT_PYTORCH;
    const backends = aar.libraries.filter(({ name }) => name in JNI_LIBRARIES);
    if (backends.length === 0) return { status: "fail", summary: "there is no library that could hold it" };
    const details = backends.flatMap(({ path, texts, spirv }) => {
      if (texts.vulkanOps.length === 0) return [`${path} registers no vulkan_prepack operators`];
      return spirv.length >= LEAST_SHADERS ? [] : [`${path} holds ${spirv.length} shaders`];
    });
    return judgeFindings(details, {
      fine: backends.map(backendSummary).filter((text, index, all) => all.indexOf(text) === index).join("; "),
      found: "the Vulkan backend is not in every library",
      hint: "Build with USE_VULKAN=1; to leave it out on purpose pass -DUSE_VULKAN=OFF to CMake",
    });
  },
};

/** Whether the shaders inside are well formed. */
export const shaders: Check = {
  name: "shaders",
  question: "Is every SPIR-V shader well formed, from its header to the end of its last function?",
  judge: (aar) => {
    const found = aar.libraries.flatMap(({ path, spirv }) => spirv.map((module) => ({ path, module })));
    if (found.length === 0) return { status: "none", summary: "no shaders" };
    const details = found.flatMap(({ path, module }) =>
      module.fault === undefined ? [] : [`${path} at ${module.offset}: ${module.fault}`]
    );
    const versions = [...new Set(found.map(({ module }) => module.version))].sort();
    return judgeFindings(details, {
      fine: `${found.length} shaders, SPIR-V ${versions.join(", ")}`,
      found: `${details.length} of ${found.length} shaders are damaged`,
    });
  },
};

function backendSummary({ texts, spirv }: Library): string {
  return `${texts.vulkanOps.length} prepack operators, ${spirv.length} shaders`;
}

function classNames(aar: Aar): string[] {
  return aar.jars.flatMap(({ classes }) => classes.map(({ name }) => name));
}
