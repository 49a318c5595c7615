/**
 * Choosing between the sandboxes.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import { BwrapSandbox } from "./bwrap.ts";
import type { DockerSandbox } from "./docker.ts";
import type { EngineAddress } from "./docker_address.ts";
import type { LayerDigests } from "./docker_image.ts";
import type { RootImage, Sandbox } from "./sandbox.ts";

/** What may be asked for. */
export const SANDBOX_CHOICES = ["auto", "bwrap", "docker"] as const;

/** See {@linkcode SANDBOX_CHOICES}. */
export type SandboxChoice = typeof SANDBOX_CHOICES[number];

/** What {@linkcode chooseSandbox} works with. */
export interface ChooseOptions {
  readonly host: Host;
  /** The image that holds bubblewrap, and a C library to try a container with. */
  readonly tools: RootImage;
  /** The store. */
  readonly layers: LayerDigests;
  /** Folder for the records of who owns which containers. */
  readonly sessions: string;
  readonly signal: AbortSignal;
}

/** A sandbox that was tried, and why it was taken. */
export interface Chosen {
  readonly sandbox: Sandbox;
  readonly reason: string;
}

/**
 * Makes a sandbox and tries it. "auto" takes bubblewrap where it works (it starts in milliseconds and copies nothing),
 * else the first container engine that can run a program.
 *
 * @throws {EngineError} "sandbox-unavailable" with what was tried and what to do
 */
export async function chooseSandbox(choice: SandboxChoice, options: ChooseOptions): Promise<Chosen> {
  switch (choice) {
    case "bwrap":
      return { sandbox: await openBwrap(options), reason: "asked for, and user namespaces work here" };
    case "docker": {
      const { sandbox, reason } = await openContainers(options);
      return { sandbox, reason: `asked for; ${reason}` };
    }
    case "auto":
      return await chooseWorking(options);
  }
}

async function chooseWorking(options: ChooseOptions): Promise<Chosen> {
  let refusal: EngineError;
  try {
    return { sandbox: await openBwrap(options), reason: "user namespaces work here" };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "sandbox-unavailable") throw error;
    refusal = error;
  }
  try {
    const { sandbox, reason } = await openContainers(options);
    return { sandbox, reason: `bubblewrap does not work here, ${reason}` };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "sandbox-unavailable") throw error;
    throw new EngineError("sandbox-unavailable", refusal.message, {
      hint: `${refusal.hint}; or install Docker or Podman`,
      detail: [
        `container engine: ${error.message}`,
        ...(error.hint === undefined ? [] : [`  ${error.hint}`]),
      ],
      cause: error,
    });
  }
}

async function openBwrap({ host, tools }: ChooseOptions): Promise<Sandbox> {
  const sandbox = new BwrapSandbox(host, tools.root);
  await sandbox.probe();
  return sandbox;
}

async function openContainers(options: ChooseOptions): Promise<Chosen> {
  const { engineAddresses } = await import("./docker_address.ts");
  const addresses = engineAddresses(options.host);
  let failure: unknown;
  for (const address of addresses) {
    try {
      const sandbox = await openEngine(address, options);
      return { sandbox, reason: `${sandbox.engine} answers at ${sandbox.url}` };
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "sandbox-unavailable") throw error;
      // The first is the one that the user most likely means.
      failure ??= error;
    }
  }
  throw failure ?? new EngineError("sandbox-unavailable", "Cannot find a container engine on this machine", {
    hint: "Start Docker or Podman (`systemctl --user start podman.socket`), or point DOCKER_HOST to one",
  });
}

async function openEngine(address: EngineAddress, options: ChooseOptions): Promise<DockerSandbox> {
  const { DockerSandbox } = await import("./docker.ts");
  const sandbox = await DockerSandbox.open({ ...options, address });
  await sandbox.probe(options.tools);
  return sandbox;
}
