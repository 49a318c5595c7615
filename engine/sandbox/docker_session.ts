/**
 * Who owns containers. Each process that has some keeps a record in the store, under a kernel lock; a record that
 * nobody holds is that of a process that died, and what carries its label is removed. Labels are random, so that
 * processes of many machines can share one engine, and none touches what is not its own.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { FileLock, Host } from "../host.ts";
import type { Docker } from "./docker_api.ts";
import { TEMPORARY_REPOSITORY } from "./docker_image.ts";

/** The label of everything that a process makes in an engine. */
export const SESSION_LABEL = "vkforge.session";

/** Where records are, and which engine they are about. */
export interface SessionOptions {
  readonly host: Host;
  readonly docker: Docker;
  /** Address of the engine; a record of another one waits until that is used again. */
  readonly url: string;
  /** Folder of the records. */
  readonly folder: string;
}

/** This process's claim on its containers. */
export class DockerSession {
  readonly #options: SessionOptions;
  #id: string = randomUUID();
  #users = 0;
  #left = false;
  #lock: FileLock | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The first characters of the label, for names. */
  get shortId(): string {
    return this.#id.slice(0, 8);
  }

  /** What marks containers and volumes as this process's. */
  get labels(): Readonly<Record<string, string>> {
    return { [SESSION_LABEL]: this.#id };
  }

  /** Says that something could not be removed: the record stays, and nobody's, for the next one who asks to do it. */
  leave(): void {
    this.#left = true;
  }

  /** Holds the record until disposed of; the last one that lets go removes it. */
  hold(): Disposable {
    const { host, folder, url } = this.#options;
    const path = join(folder, this.#id);
    if (this.#users++ === 0) {
      host.fs.mkdir(folder);
      this.#lock = host.fs.tryLock(path);
      host.fs.writeFile(path, url);
    }
    return {
      [Symbol.dispose]: () => {
        if (--this.#users > 0) return;
        if (this.#left) this.#id = randomUUID();
        else host.fs.remove(path);
        this.#left = false;
        this.#lock?.[Symbol.dispose]();
      },
    };
  }
}

/** Removes what processes left in the engine that are gone; gives how many containers that were. */
export async function reapSessions({ host, docker, url, folder }: SessionOptions): Promise<number> {
  if (host.fs.lstat(folder) === undefined) return 0;
  let reaped = 0;
  for (const { name } of host.fs.readDir(folder)) {
    const path = join(folder, name);
    using lock = host.fs.tryLock(path);
    if (lock === undefined) continue;
    const owned = host.fs.readTextFile(path);
    // Without an address it died between lock and record: before it made anything.
    if (owned !== url && owned !== "") continue;
    reaped += await removeOwned(docker, name);
    host.fs.remove(path);
  }
  return reaped;
}

async function removeOwned(docker: Docker, session: string): Promise<number> {
  const filters = { label: [`${SESSION_LABEL}=${session}`] };
  const containers = await docker.listContainers({ all: true, filters });
  for (const { Id } of containers) await removeContainer(docker, Id);
  const { Volumes } = await docker.listVolumes({ filters });
  for (const { Name } of Volumes ?? []) await removeVolume(docker, Name);
  if (containers.length > 0) await removeTemporaryImages(docker);
  return containers.length;
}

/** Removes a container with its nameless volumes, running or not; one that is gone is no error. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  await docker.getContainer(id).remove({ force: true, v: true }).catch(ignoreGone);
}

/** Removes a volume; one that is gone is no error. */
export async function removeVolume(docker: Docker, name: string): Promise<void> {
  await docker.getVolume(name).remove().catch(ignoreGone);
}

async function removeTemporaryImages(docker: Docker): Promise<void> {
  for (const { RepoTags } of await docker.listImages({ filters: { reference: [TEMPORARY_REPOSITORY] } })) {
    for (const tag of RepoTags ?? []) await removeImage(docker, tag);
  }
}

/** Removes an image unless a container uses it. */
export async function removeImage(docker: Docker, tag: string): Promise<void> {
  await docker.getImage(tag).remove().catch(() => {
    // Another process uses it, or was first.
  });
}

function ignoreGone(error: unknown): void {
  // 409: the engine is removing it already.
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  if (status !== 404 && status !== 409) throw error;
}
