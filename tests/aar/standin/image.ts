/**
 * The image of the native stand-in, with Debian's Gradle and Maven.
 *
 * @module
 */
import type { ImageSpec } from "../../../docker/debian.ts";
import { NDK_STANDIN } from "../../ndk_standin/image.ts";

/** The spec of the image "aar-standin"; `deno run -A tests/aar/standin/lock.ts` resolves it. */
export const AAR_STANDIN: ImageSpec = {
  ...NDK_STANDIN,
  name: "aar-standin",
  folder: "tests/aar/standin",
  requested: {
    ...NDK_STANDIN.requested,
    bullseye: [...NDK_STANDIN.requested.bullseye ?? [], "gradle", "libmaven-dependency-plugin-java", "maven"],
  },
};
