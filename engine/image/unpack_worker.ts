/**
 * The worker's side of {@link ./unpack_pool.ts}: one package a message.
 *
 * @module
 */
import { denoHost } from "../deno_host.ts";
import { EngineError, type ErrorCode } from "../error.ts";
import { Store } from "../store/mod.ts";
import type { Tree } from "../tree/mod.ts";
import { unpackPackage } from "./unpack.ts";

/** A package to unpack. */
export interface UnpackRequest {
  readonly storeRoot: string;
  readonly file: string;
  readonly workFolder: string;
  readonly exclude: readonly string[];
}

/** Its tree, or why there is none. */
export type UnpackReply =
  | { readonly ok: true; readonly tree: Tree }
  | {
    readonly ok: false;
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint: string | undefined;
  };

const host = denoHost();

self.onmessage = async ({ data }: MessageEvent<UnpackRequest>) => {
  self.postMessage(await handle(data));
};

async function handle(request: UnpackRequest): Promise<UnpackReply> {
  try {
    const store = Store.open(host, request.storeRoot);
    const tree = await unpackPackage(request.file, {
      host,
      store,
      workFolder: request.workFolder,
      exclude: request.exclude,
    });
    return { ok: true, tree };
  } catch (error) {
    if (error instanceof EngineError) {
      return { ok: false, code: error.code, message: error.message, hint: error.hint };
    }
    return {
      ok: false,
      code: "io",
      message: error instanceof Error ? error.message : String(error),
      hint: undefined,
    };
  }
}
