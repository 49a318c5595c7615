/**
 * A device that is none: a root file system with the real daemon of the Android debug bridge, for tests of everything
 * that goes through adb. Its glibc is newer than that of the image that models run in, as on most real machines.
 *
 * @module
 */
import type { ImageSpec } from "../debian.ts";

/** The spec of the image "adb-device". */
export const ADB_DEVICE: ImageSpec = {
  name: "adb-device",
  folder: "docker/adb-device",
  requested: {
    // socat gives the daemon a Unix socket: it listens on every address it has, and so is given none but its own.
    trixie: ["adbd", "coreutils", "dash", "findutils", "grep", "sed", "socat", "util-linux"],
  },
  links: { "usr/bin/sh": "dash" },
  environment: {},
  // A root that only the tests' own sandbox uses; libraries lie where the loader looks anyway.
  ldconfig: false,
  dockerfile: false,
};
