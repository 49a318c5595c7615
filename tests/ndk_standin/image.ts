/**
 * The image "ndk-r21e" with a cross compiler in place of the NDK's.
 *
 * @module
 */
import type { ImageSpec } from "../../docker/debian.ts";
import { NDK_R21E } from "../../docker/mod.ts";

/** The spec of the image "ndk-standin"; `deno run -A tests/ndk_standin/lock.ts` resolves it. */
export const NDK_STANDIN: ImageSpec = {
  name: "ndk-standin",
  folder: "tests/ndk_standin",
  requested: {
    bullseye: [
      ...NDK_R21E.requested.bullseye ?? [],
      "g++-aarch64-linux-gnu",
      "glslang-tools",
      "libvulkan-dev",
    ],
    // A submodule that Debian's archive of PyTorch leaves out; header only.
    trixie: ["libvulkan-memory-allocator-dev"],
  },
  links: NDK_R21E.links,
  environment: NDK_R21E.environment,
  ldconfig: true,
  dockerfile: false,
};
