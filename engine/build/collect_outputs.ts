/**
 * Taking a finished step's outputs into the store.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError, explainIo } from "../error.ts";
import type { Host } from "../host.ts";
import type { Store } from "../store/mod.ts";
import { toTree, type Tree, type TreeEntry } from "../tree/mod.ts";
import { isDeclared, leavesFolder } from "./output_rules.ts";

/** What {@linkcode collectOutputs} works with. */
export interface CollectOptions {
  readonly host: Host;
  /** Takes each file, or only tells its digest. */
  readonly store: Pick<Store, "ingest">;
  readonly stepName: string;
  /** Declared outputs, relative to the folder. */
  readonly outputs: readonly string[];
}

/**
 * Moves everything in a step's `/out` into the store. Nothing may run in the sandbox any more.
 *
 * @throws {EngineError} "output-missing" if a declared output is not there; "output-unsafe" for devices, sockets, links
 * that leave the folder, and files that were not declared
 */
export function collectOutputs(folder: string, options: CollectOptions): Tree {
  try {
    return collect(folder, options);
  } catch (error) {
    throw explainIo(error, `take the output of "${options.stepName}"`);
  }
}

function collect(folder: string, options: CollectOptions): Tree {
  const { host, store, stepName, outputs } = options;
  host.fs.chmod(folder, 0o755);
  for (const output of outputs) {
    if (host.fs.lstat(join(folder, output)) === undefined) {
      throw new EngineError("output-missing", `Step "${stepName}" did not make "${output}"`, {
        hint: "Its script ended well; check which path it writes",
      });
    }
  }
  const entries: TreeEntry[] = [];
  const visit = (relative: string) => {
    for (const { name } of host.fs.readDir(join(folder, relative))) {
      const path = relative === "" ? name : `${relative}/${name}`;
      const absolute = join(folder, path);
      if (!isDeclared(path, outputs)) {
        throw new EngineError(
          "output-unsafe",
          `Step "${stepName}" wrote "${path}", which it does not declare`,
          {
            hint: "Add it to the step's outputs, or write it to /build",
          },
        );
      }
      // Not the folder's word for it: a pipe is listed like a file.
      const info = host.fs.lstat(absolute);
      switch (info?.kind) {
        case "directory":
          // A folder that the step made unreadable must not hide what it holds.
          host.fs.chmod(absolute, 0o755);
          entries.push({ kind: "folder", path });
          visit(path);
          break;
        case "symlink": {
          const target = host.fs.readLink(absolute);
          if (leavesFolder(path, target)) {
            throw new EngineError(
              "output-unsafe",
              `Step "${stepName}" made the link "${path}", which leads out of its output: "${target}"`,
            );
          }
          entries.push({ kind: "link", path, target });
          break;
        }
        case "file": {
          const executable = (info.mode & 0o100) !== 0;
          host.fs.chmod(absolute, 0o600);
          entries.push({ kind: "file", path, executable, ...store.ingest(absolute, executable) });
          break;
        }
        default:
          throw new EngineError(
            "output-unsafe",
            `Step "${stepName}" made "${path}", which is neither a file, a folder nor a link`,
          );
      }
    }
  };
  visit("");
  return toTree(entries);
}
