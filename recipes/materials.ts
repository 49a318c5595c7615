/**
 * What recipes build from: the pinned sources and the images.
 *
 * @module
 */
import { EngineError, type Image, type Input, type LockFile } from "../engine/mod.ts";
import { fileNameOf } from "../engine/source/mod.ts";

/** Locked sources and images, handed to every recipe. */
export interface Materials {
  readonly vulkanSdk: Image;
  /**
   * A source of the lock as an input.
   *
   * @param fileName what the step sees it as; the publisher's name if left out
   * @throws {EngineError} "lock-stale" if the lock does not have it
   */
  source(name: string, fileName?: string): Input;
}

/** Materials of a lock file. */
export function materialsOf(lock: LockFile, images: { readonly vulkanSdk: Image }): Materials {
  return {
    ...images,
    source(name, fileName) {
      const source = lock.sources[name];
      if (source === undefined) {
        throw new EngineError("lock-stale", `The lock has no source "${name}"`, {
          hint: "Restore `vkforge.lock.json` from version control, or add the source to it",
        });
      }
      return { kind: "source", name, source, fileName: fileName ?? fileNameOf(source) };
    },
  };
}
