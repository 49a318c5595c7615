/**
 * Bubblewrap with the libraries it needs: the embedded sandbox. Runs with its own loader, so the host needs nothing.
 *
 * @module
 */
import type { ImageSpec } from "../debian.ts";

/** The spec of the image "bubblewrap". */
export const BUBBLEWRAP: ImageSpec = {
  name: "bubblewrap",
  folder: "docker/bubblewrap",
  // libfaketime is for `verify`, which shifts the clock of a repeated build.
  requested: { bookworm: ["bubblewrap", "libfaketime"] },
  links: {},
  environment: {},
  // It would need the sandbox that this image makes possible.
  ldconfig: false,
  dockerfile: false,
};
