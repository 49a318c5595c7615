/**
 * The image in which everything for the host is built and run: compiler, stock libtorch 1.13.1 with its Python side,
 * Vulkan headers, loader and shader compiler. Debian's packages serve where upstream's CI took the LunarG SDK, whose
 * old versions vanish from its server.
 *
 * @module
 */
import type { ImageSpec } from "../debian.ts";

const LIBRARIES = "usr/lib/x86_64-linux-gnu";

/** The spec of the image "vulkan-sdk". */
export const VULKAN_SDK: ImageSpec = {
  name: "vulkan-sdk",
  folder: "docker/vulkan-sdk",
  requested: {
    bookworm: [
      "bash",
      "brotli",
      "cmake",
      "coreutils",
      "dash",
      "diffutils",
      "findutils",
      "g++",
      "glslc",
      "grep",
      "gzip",
      "libc-bin",
      "libgtest-dev",
      "libtorch-dev",
      "libvulkan-dev",
      "mawk",
      "ninja-build",
      "nlohmann-json3-dev",
      "patch",
      "python3-numpy",
      "python3-torch",
      "python3-typing-extensions",
      "python3-yaml",
      "sed",
      "tar",
      "xz-utils",
    ],
    // Torch 1.13.1 brings VulkanMemoryAllocator as a submodule, which Debian's source archive leaves out; bookworm has
    // no package of it. Header only.
    trixie: ["libvulkan-memory-allocator-dev"],
  },
  links: {
    "usr/bin/awk": "mawk",
    "usr/bin/c++": "g++",
    "usr/bin/cc": "gcc",
    "usr/bin/sh": "dash",
    [`${LIBRARIES}/libblas.so.3`]: "blas/libblas.so.3",
    [`${LIBRARIES}/liblapack.so.3`]: "lapack/liblapack.so.3",
  },
  environment: {},
  ldconfig: true,
  dockerfile: true,
};
