import type { Failure } from "./failure.ts";

/** Failures of converting a model and of loading it on a device. */
export const MODEL_FAILURES: readonly Failure[] = [
  {
    id: "prepack-op-missing",
    area: "convert",
    symptom:
      /We don't have an op for vulkan_prepack::|Vulkan is not enabled\. Please build with USE_VULKAN=1/,
    example:
      "RuntimeError: 0 INTERNAL ASSERT FAILED at \"../torch/csrc/jit/ir/alias_analysis.cpp\":614, please report a bug to PyTorch. We don't have an op for vulkan_prepack::conv2d_clamp_prepack but it isn't a special case.",
    title: "This torch has no Vulkan backend",
    cause:
      "optimize_for_mobile(backend='vulkan') needs a torch with the Vulkan backend; no wheel on PyPI or conda has it.",
    fix: "Convert with `deno task build-models`, whose torch has the backend of the same version as the AAR",
    since: "every official wheel, seen from 1.11 to 2.0",
    reference: "https://github.com/pytorch/pytorch/issues/86791",
  },
  {
    id: "backend-not-linked",
    area: "convert",
    symptom: /Vulkan backend was not linked to the build/,
    example: "RuntimeError: Vulkan backend was not linked to the build",
    title: "A tensor was moved to Vulkan in a torch without it",
    cause: "The stock libtorch knows the device name, but has no backend behind it.",
    fix:
      "Load the plug-in that vkforge builds before the first Vulkan tensor, or use `deno task test-swiftshader`",
    since: "every official build for desktops",
    reference: "https://github.com/pytorch/pytorch/blob/v1.13.1/aten/src/ATen/vulkan/Context.cpp",
  },
  {
    id: "map-location",
    area: "load",
    symptom: /supported devices include CPU[^\n]{0,60}however got VULKAN/,
    example: "com.facebook.jni.CppException: supported devices include CPU and CUDA, however got VULKAN ()",
    title: "A model cannot be loaded straight to Vulkan",
    cause:
      "The loader was given the Vulkan device; only inputs move there, weights stay on the CPU until they are packed.",
    fix:
      "Java: use an AAR with upstream's pull request 63402, such as 1.13.1, which loads on the CPU by itself. C++: call torch::jit::load without a device and move the inputs with .vulkan()",
    since: "Java: builds before August 2021; C++ and Python: always",
    reference: "https://github.com/pytorch/pytorch/issues/62040",
  },
  {
    id: "unknown-scalar",
    area: "load",
    symptom: /expected scalar type Float but found UNKNOWN_SCALAR/,
    example: "RuntimeError: expected scalar type Float but found UNKNOWN_SCALAR",
    title: "A convolution without bias was not packed",
    cause:
      "The Vulkan convolution gets an undefined bias when the model did not pass optimize_for_mobile for Vulkan.",
    fix:
      "Convert with `deno task build-models` (packed models of 1.13.1 run, with and without bias); for older AARs the maintainers advise the full-JIT AAR with Module.load",
    since: "models that are not packed: all versions; packed ones: reported with a build of January 2022",
    reference: "https://github.com/pytorch/pytorch/issues/71264",
  },
  {
    id: "jni-library-missing",
    area: "load",
    symptom: /libpytorch_jni\.so["']? not found|couldn['’]t find (?:DSO to load: )?"?libpytorch_jni\.so/,
    example: 'java.lang.UnsatisfiedLinkError: dlopen failed: library "libpytorch_jni.so" not found',
    title: "The app mixes the lite and the full interpreter",
    cause:
      "org.pytorch.Module needs libpytorch_jni.so, which only the full AAR has; the lite AAR brings libpytorch_jni_lite.so.",
    fix:
      "Lite AAR: load with LiteModuleLoader. Full AAR: build with BUILD_LITE_INTERPRETER=0 exported for CMake and Gradle, and load with Module.load",
    since: "PyTorch 1.9 and later",
    reference: "https://github.com/pytorch/pytorch/issues/58913",
  },
  {
    id: "bytecode-missing",
    area: "load",
    symptom:
      /failed locating file bytecode\.pkl|The model is not generated from the api _save_for_lite_interpreter/,
    example:
      "com.facebook.jni.CppException: PytorchStreamReader failed locating file bytecode.pkl: file not found ()",
    title: "A full TorchScript file was given to the lite interpreter",
    cause: "The lite interpreter needs bytecode, which torch.jit.save does not write.",
    fix: "Use the .ptl file, which _save_for_lite_interpreter wrote; `deno task build-models` makes both",
    since: "PyTorch 1.9 and later",
    reference: "https://github.com/pytorch/android-demo-app/issues/157",
  },
  {
    id: "page-size",
    area: "load",
    symptom: /program alignment \(\d+\) cannot be smaller than system page size \(\d+\)/,
    example:
      'dlopen failed: "/data/app/base.apk!/lib/arm64-v8a/libpytorch_jni_lite.so" program alignment (4096) cannot be smaller than system page size (16384)',
    title: "A library is not aligned for 16 KB pages",
    cause: "The official AARs, and NDK r21 by default, align for 4 KB pages.",
    fix:
      "Build the AARs with `deno task build-aar`, check others with its verification; libfbjni.so and libc++_shared.so must be aligned too",
    since: "Android 15 on devices with 16 KB pages; required by Google Play since November 2025",
    reference: "https://github.com/pytorch/pytorch/issues/154449",
  },
  {
    id: "selected-ops",
    area: "load",
    symptom: /Following ops cannot be found: \[/,
    example:
      "Following ops cannot be found: [aten::hardtanh_, vulkan_prepack::run_conv2d_context]. Please check if the operator library is included in the build.",
    title: "The AAR was built without an operator that the model needs",
    cause:
      "A selective build holds only listed operators; without TRACING_BASED=1 it also dispatches statically to the CPU, past the Vulkan kernels.",
    fix: "Build without SELECTED_OP_LIST, or with TRACING_BASED=1 and a list that covers the packed model",
    since: "all versions with selective builds",
    reference: "https://pytorch.org/tutorials/recipes/mobile_interpreter.html",
  },
];
