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
import { statusOf } from "./docker_failure.ts";
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
    return shortIdOf(this.#id);
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
    const { containers, isDone } = await removeOwned({ host, docker }, name);
    reaped += containers;
    // Otherwise the record stays for the next one who asks.
    if (isDone) host.fs.remove(path);
  }
  return reaped;
}

type Engine = Pick<SessionOptions, "host" | "docker">;

async function removeOwned(
  engine: Engine,
  session: string,
): Promise<{ readonly containers: number; readonly isDone: boolean }> {
  const { docker } = engine;
  const filters = { label: [`${SESSION_LABEL}=${session}`] };
  const containers = await docker.listContainers({ all: true, filters });
  for (const { Id } of containers) await removeContainer(engine, Id);
  let isDone = true;
  for (const name of await ownedVolumes(docker, session)) {
    await removeVolume(engine, name).catch((error) => {
      if (statusOf(error) !== IN_USE) throw error;
      isDone = false;
    });
  }
  if (containers.length > 0) await removeTemporaryImages(docker);
  return { containers: containers.length, isDone };
}

/** By label, and by name: an engine that dies while it makes a volume may not have written the label down. */
async function ownedVolumes(docker: Docker, session: string): Promise<ReadonlySet<string>> {
  const prefix = `vkforge-${shortIdOf(session)}-`;
  const labelled = await docker.listVolumes({ filters: { label: [`${SESSION_LABEL}=${session}`] } });
  const named = await docker.listVolumes({ filters: { name: [prefix] } });
  return new Set([
    ...(labelled.Volumes ?? []).map(({ Name }) => Name),
    // Engines look for the name anywhere in a volume's.
    ...(named.Volumes ?? []).map(({ Name }) => Name).filter((name) => name.startsWith(prefix)),
  ]);
}

function shortIdOf(session: string): string {
  return session.slice(0, 8);
}

/** Removes a container with its nameless volumes, running or not; one that is gone is no error. */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  // In use: the engine is removing it already.
  await untilFree(engine, () => engine.docker.getContainer(id).remove({ force: true, v: true }));
}

/** Removes a volume; one that is gone is no error. */
export async function removeVolume(engine: Engine, name: string): Promise<void> {
  // In use: an engine says that a container is gone before it lets go of its volumes.
  await untilFree(engine, () => engine.docker.getVolume(name).remove());
}

const IN_USE = 409;
const GONE = 404;
/** 5 ms, twice as long each time: 10 s in all. */
const ATTEMPTS = 12;

/** Asks again while the engine says that something is in use. */
async function untilFree({ host }: Engine, remove: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      await remove();
      return;
    } catch (error) {
      const status = statusOf(error);
      if (status === GONE) return;
      if (status !== IN_USE || attempt === ATTEMPTS) throw error;
      await host.clock.sleep(5 * 2 ** (attempt - 1));
    }
  }
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
