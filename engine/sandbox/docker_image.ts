/**
 * Getting an image into a container engine: one archive of one layer, the same bytes wherever it is made, loaded once
 * per engine and found again by its tag and the digest of its layer.
 *
 * @module
 */
import { type Digest, digestOf, Hasher } from "../digest.ts";
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import type { Body, Docker } from "./docker_api.ts";
import { bodyOf } from "./docker_client.ts";
import { statusOf } from "./docker_failure.ts";
import { tarChunks, type TarItem, treeItems } from "./docker_tar.ts";
import type { RootImage } from "./sandbox.ts";

/** 2020-01-01, the time of files in the store. */
const TIME_S = 1577836800;
const CREATED = "2020-01-01T00:00:00Z";

const REPOSITORY = "localhost/vkforge";
/** Images that serve one run; what a crash left of them is removed by the next session. */
export const TEMPORARY_REPOSITORY = "localhost/vkforge-temporary";

/** Remembers the digest of an image's layer, which takes seconds to compute; the store does. */
export interface LayerDigests {
  alias(key: string): Digest | undefined;
  setAlias(key: string, digest: Digest): void;
}

/** What {@linkcode loadImage} works with. */
export interface LoadOptions {
  readonly host: Host;
  readonly docker: Docker;
  readonly layers: LayerDigests;
  readonly signal: AbortSignal;
}

interface Layer {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** The name of an image in a container engine. */
export function imageTag(image: RootImage): string {
  return `${image.temporary === true ? TEMPORARY_REPOSITORY : REPOSITORY}:${image.digest}`;
}

/**
 * Loads an image unless the engine has it.
 *
 * @returns the image's tag
 * @throws {EngineError} "sandbox-unavailable" where what the engine has afterwards is not the image
 */
export async function loadImage(image: RootImage, options: LoadOptions): Promise<string> {
  const tag = imageTag(image);
  const found = await layersOf(tag, options);
  // Not by its tag alone: whoever may use the engine may move a tag.
  if (found !== undefined && isLayer(found, layerDigest(image, options))) return tag;
  const layer = layerOf(image, options);
  if (image.temporary !== true) options.layers.setAlias(layerKey(image), layer.digest);
  const response = await options.docker.loadImage(
    bodyOf(tarChunks(archiveItems(image, layer, options.host))),
    {
      quiet: true,
      abortSignal: options.signal,
    },
  );
  await drained(response, options.docker);
  const loaded = await layersOf(tag, options);
  if (loaded === undefined || !isLayer(loaded, layer.digest)) {
    throw new EngineError(
      "sandbox-unavailable",
      `The container engine did not take the image "${tag}" as it was sent`,
      {
        hint:
          "Check the disk of the engine's machine, and that its version is Docker 20.10 or Podman 4 or later",
      },
    );
  }
  return tag;
}

async function layersOf(
  tag: string,
  { docker, signal }: LoadOptions,
): Promise<readonly string[] | undefined> {
  try {
    return (await docker.getImage(tag).inspect({ abortSignal: signal })).RootFS?.Layers ?? [];
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

function isLayer(found: readonly string[], digest: Digest): boolean {
  return found.length === 1 && found[0] === `sha256:${digest}`;
}

function layerKey(image: RootImage): string {
  return `docker-layer:${image.digest}`;
}

function layerDigest(image: RootImage, { host, layers }: LoadOptions): Digest {
  const known = layers.alias(layerKey(image));
  if (known !== undefined) return known;
  const { digest } = layerOf(image, { host });
  if (image.temporary !== true) layers.setAlias(layerKey(image), digest);
  return digest;
}

function layerOf(image: RootImage, { host }: { host: Host }): Layer {
  const hasher = new Hasher();
  let sizeBytes = 0;
  for (const chunk of tarChunks(layerItems(image, host))) {
    hasher.update(chunk);
    sizeBytes += chunk.length;
  }
  return { digest: hasher.digest(), sizeBytes };
}

function layerItems(image: RootImage, host: Host): Iterable<TarItem> {
  return treeItems(image.tree, { host, root: image.root, timeS: TIME_S });
}

/** The format of `docker save`, which every engine loads. */
function* archiveItems(image: RootImage, layer: Layer, host: Host): Generator<TarItem> {
  const config = JSON.stringify({
    architecture: "amd64",
    os: "linux",
    created: CREATED,
    config: { Labels: { "vkforge.tree": image.digest } },
    rootfs: { type: "layers", diff_ids: [`sha256:${layer.digest}`] },
    history: [{ created: CREATED, created_by: "vkforge" }],
  });
  const configName = `${digestOf(config)}.json`;
  yield textItem(configName, config);
  yield {
    kind: "file",
    path: "layer.tar",
    mode: 0o644,
    timeS: TIME_S,
    sizeBytes: layer.sizeBytes,
    content: () => tarChunks(layerItems(image, host)),
  };
  yield textItem(
    "manifest.json",
    JSON.stringify([{ Config: configName, RepoTags: [imageTag(image)], Layers: ["layer.tar"] }]),
  );
}

function textItem(path: string, text: string): TarItem {
  const bytes = new TextEncoder().encode(text);
  return {
    kind: "file",
    path,
    mode: 0o644,
    timeS: TIME_S,
    sizeBytes: bytes.length,
    content: () => [bytes],
  };
}

/** The engine says "200" first and what went wrong later, in the body. */
function drained(response: Body, docker: Docker): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(response, (error) => error === null ? resolve() : reject(error));
  });
}
