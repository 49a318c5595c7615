import type { Failure } from "./failure.ts";

/** Failures of building PyTorch with Vulkan, for whatever target. */
export const BUILD_FAILURES: readonly Failure[] = [
  {
    id: "shaderc-runtime-quotes",
    area: "build",
    symptom: /unable to find string literal operator .{0,8}operator""\s?fully|glsl\.cpp:\d+:\d+: error: /,
    example:
      'build/vulkan/ATen/native/vulkan/glsl.cpp:1166:1: error: unable to find string literal operator ‘operator""fully’ with ‘const char [1326]’, ‘long unsigned int’ arguments',
    title: "Shaders compiled at run time break the generated glsl.cpp",
    cause:
      "With USE_VULKAN_SHADERC_RUNTIME the shader sources become C++ strings, and comments in layernorm.glsl hold quotes that are not escaped. The official tutorial sets that switch.",
    fix: "Unset USE_VULKAN_SHADERC_RUNTIME: shaders are then compiled at build time",
    since: "PyTorch 1.13.0 and later",
    reference: "https://github.com/pytorch/pytorch/issues/89105",
  },
  {
    id: "shaderc-not-found",
    area: "build",
    symptom: /Could NOT find Shaderc|USE_VULKAN: Shaderc not found/,
    example: "Could NOT find Shaderc (missing: GOOGLE_SHADERC_INCLUDE_DIRS GOOGLE_SHADERC_LIBRARIES)",
    title: "CMake does not find shaderc",
    cause: "USE_VULKAN_SHADERC_RUNTIME asks for a library that only compiling shaders at run time needs.",
    fix: "Unset USE_VULKAN_SHADERC_RUNTIME",
    since: "all versions with that switch",
    reference: "https://github.com/pytorch/pytorch/issues/77733",
  },
  {
    id: "glslc-not-found",
    area: "build",
    symptom: /USE_VULKAN glslc not found/,
    example: "CMake Error at cmake/VulkanCodegen.cmake:58 (message): USE_VULKAN glslc not found",
    title: "No glslc to compile the shaders with",
    cause: "A desktop build looks for glslc on PATH and below VULKAN_SDK.",
    fix: "Install glslc (Debian 12: `apt install glslc`), or the Vulkan SDK with VULKAN_SDK set",
    since: "all versions",
    reference: "https://github.com/pytorch/pytorch/blob/v1.13.1/cmake/VulkanCodegen.cmake",
  },
  {
    id: "quantized-conv2d",
    area: "build",
    symptom: /.quantized_conv2d. was not declared in this scope/,
    example:
      "aten/src/ATen/native/vulkan/ops/Convolution.cpp:299:28: error: ‘quantized_conv2d’ was not declared in this scope",
    title: "Shaders of quantized operators are missing",
    cause: "On the main branch of late 2022, compiling shaders at run time leaves some of them out.",
    fix: "Build the tag v1.13.1, with USE_VULKAN_SHADERC_RUNTIME unset",
    since: "PyTorch main, November 2022",
    reference: "https://github.com/pytorch/pytorch/issues/89601",
  },
  {
    id: "onednn-graph",
    area: "build",
    symptom: /^FAILED: \S*codegen\/onednn\//m,
    example: "FAILED: caffe2/CMakeFiles/torch_cpu.dir/__/torch/csrc/jit/codegen/onednn/interface.cpp.o",
    title: "oneDNN Graph does not compile on the host",
    cause: "Some versions of GCC reject this part of PyTorch; the Vulkan backend does not need it.",
    fix:
      "Build with clang, or without oneDNN (USE_MKLDNN=0); the thread confirms neither. The default runtime of vkforge uses an unmodified libtorch and does not compile this part",
    since: "PyTorch 1.13.0 on the host, with GCC",
    reference: "https://github.com/pytorch/pytorch/issues/89601",
  },
  {
    id: "cmake-4",
    area: "build",
    symptom: /Compatibility with CMake < 3\.5 has been removed from CMake/,
    example: "CMake Error at third_party/protobuf/cmake/CMakeLists.txt:2 (cmake_minimum_required):\n" +
      "  Compatibility with CMake < 3.5 has been removed from CMake.",
    title: "CMake is too new",
    cause: "Several submodules ask for a CMake that version 4 no longer imitates.",
    fix: "Use CMake 3.13 to 3.31; or try -DCMAKE_POLICY_VERSION_MINIMUM=3.5",
    since: "CMake 4.0 with PyTorch up to 2.6",
    reference: "https://github.com/pytorch/pytorch/issues/150149",
  },
  {
    id: "submodules",
    area: "build",
    symptom: /^\s*does not contain a CMakeLists\.txt file/m,
    example:
      "  The source directory\n\n    /src/pytorch/third_party/FXdiv\n\n  does not contain a CMakeLists.txt file.",
    title: "Submodules are missing",
    cause: "The source was cloned without its submodules, or unpacked from an archive that has none.",
    fix: "Run `git submodule update --init --recursive` in the source",
    since: "all versions",
    reference: "https://github.com/pytorch/pytorch/issues/141016",
  },
  {
    id: "third-party-headers",
    area: "build",
    symptom: /(?:pocketfft_hdronly|ActivityType)\.h: No such file or directory/,
    example:
      "aten/src/ATen/native/mkl/SpectralOps.cpp:221:10: fatal error: pocketfft_hdronly.h: No such file or directory",
    title: "The Debian source archive lacks bundled headers",
    cause: "Debian removes third_party/ from the archive; two files need headers from it.",
    fix:
      "Use `--runtime vkforge`, which does not compile these files; or build from the git tag with its submodules",
    since: "Debian's pytorch 1.13.1+dfsg",
    reference: "https://sources.debian.org/src/pytorch/1.13.1%2Bdfsg-4/",
  },
  {
    id: "torchgen",
    area: "build",
    symptom: /No module named 'torchgen/,
    example: "ModuleNotFoundError: No module named 'torchgen.code_template'",
    title: "The shader generator does not find torchgen",
    cause:
      "cmake/VulkanCodegen.cmake appends to PYTHONPATH as a CMake list, with semicolons: a PYTHONPATH that is set already breaks, and an installed torchgen of another version hides the right one.",
    fix: "Unset PYTHONPATH for the build, and use a Python without torch installed",
    since: "PyTorch 1.13 and later",
    reference: "https://github.com/pytorch/pytorch/issues/107627",
  },
];
