/**
 * `manifest.json` of a bundle that travels by itself: what it holds, what is to be run, and what is needed to judge the
 * results when they come back.
 *
 * @module
 */
import { z } from "zod";
import { MeasureError } from "../error.ts";
import type { MeasureModelRequest } from "../measure_model.ts";
import { Digest, Drift } from "../schema.ts";
import { BUNDLE_DRIVERS, ManifestFile, Platform } from "./bundle.ts";
import { Profile } from "./evidence.ts";
import { Sha256 } from "../runner_result.ts";

/** The one version of the file that this program writes and reads. */
const SCHEMA = 1;

/** A request of `measureModel`; its folders are those of the bundle. The rest is that function's own. */
const ModelRequest = z.looseObject({
  name: z.string().regex(/^[A-Za-z0-9_.-]+$/),
  cpu: z.looseObject({ folder: z.string(), file: z.string() }),
  vulkan: z.looseObject({ folder: z.string(), file: z.string() }),
  goldenFolder: z.string(),
});

/** See the module's text. */
export const BundleManifest = z.object({
  schema: z.literal(SCHEMA),
  kind: z.literal("vkforge-bundle"),
  /** Of all files but this one and `jobs`. */
  digest: Sha256,
  platform: Platform,
  driver: z.enum(BUNDLE_DRIVERS),
  profile: Profile,
  /** When it was made. */
  madeAt: z.iso.datetime(),
  versions: z.record(z.string(), z.string()),
  files: z.array(ManifestFile),
  /** Options of the command that shape the result. */
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  digests: z.array(Digest),
  drift: z.array(Drift),
  models: z.array(ModelRequest),
});

/** See the module's text. */
export type BundleManifest = z.infer<typeof BundleManifest>;

/** A model's request with the folders of a bundle, in place of those of this machine. */
export function toBundleRequest(
  request: MeasureModelRequest,
  folders: ReadonlyMap<string, string>,
): BundleManifest["models"][number] {
  const { workFolder: _own, ...rest } = request;
  const inBundle = (folder: string) => folders.get(folder) ?? folder;
  return {
    ...rest,
    cpu: { ...request.cpu, folder: inBundle(request.cpu.folder) },
    vulkan: { ...request.vulkan, folder: inBundle(request.vulkan.folder) },
    goldenFolder: inBundle(request.goldenFolder),
  };
}

/** The way back: folders below `root`, a bundle that lies on this machine. */
export function fromBundleRequest(
  request: BundleManifest["models"][number],
  { root, workFolder }: { readonly root: string; readonly workFolder: string },
): MeasureModelRequest {
  const here = (folder: string) => `${root}/${folder}`;
  return {
    ...request,
    cpu: { ...request.cpu, folder: here(request.cpu.folder) },
    vulkan: { ...request.vulkan, folder: here(request.vulkan.folder) },
    goldenFolder: here(request.goldenFolder),
    workFolder,
    // Written by this program's own `toBundleRequest`, under a digest.
  } as unknown as MeasureModelRequest;
}

/**
 * Reads a manifest.
 *
 * @throws {MeasureError} "unknown-schema", "bad-result"
 */
export function parseManifest(text: string, path: string): BundleManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new MeasureError("bad-result", `Cannot read "${path}": it is not JSON`, {
      cause,
      hint: "The file is truncated or was edited; take the folder back again",
    });
  }
  const schema = (json as { schema?: unknown } | null)?.schema;
  if (schema !== SCHEMA) {
    throw new MeasureError(
      "unknown-schema",
      `Cannot read "${path}": schema ${JSON.stringify(schema)} is not known`,
      {
        hint: `This version reads schema ${SCHEMA}; import the folder with the vkforge that made it`,
      },
    );
  }
  const parsed = BundleManifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new MeasureError("bad-result", `Cannot read "${path}": ${issue?.path.join(".")}: ${issue?.message}`, {
    hint: "It is not the manifest of a bundle of test-device, or was edited",
  });
}
