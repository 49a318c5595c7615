/**
 * A sandbox as a container: what the engine is told.
 *
 * @module
 */
import type { ContainerOptions, VolumeMount } from "./docker_api.ts";
import { SANDBOX_USER } from "./docker_tar.ts";
import { BASE_ENVIRONMENT, type SandboxRun } from "./sandbox.ts";

/** What names and labels a container and its volumes. */
export interface ContainerNames {
  readonly image: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Volume with the inputs; none if left out. */
  readonly inputs?: string;
}

/** What differs between engines. */
export interface EngineTraits {
  readonly isPodman: boolean;
}

/** Open files; a soft limit beyond select()'s 1024 breaks old programs. */
const OPEN_FILES = { Name: "nofile", Soft: 1024, Hard: 4096 };

/**
 * Podman asks for four million, which an engine in a container of its own may not. The limit that counts is that of the
 * control group; this one counts all of a user's processes on the machine.
 */
const PODMAN_PROCESSES = { Name: "nproc", Soft: 32_768, Hard: 32_768 };

/** Variables that engines add of their own. */
const ENGINE_VARIABLES = ["HOSTNAME", "TERM", "container"];

/** A container for a run, as the other driver would make its sandbox. */
export function containerOptions(
  run: Pick<SandboxRun, "command" | "environment" | "limits" | "variation">,
  names: ContainerNames,
  traits: EngineTraits,
): ContainerOptions {
  const { limits, variation = {} } = run;
  const environment = { ...BASE_ENVIRONMENT, ...run.environment };
  const inputs: VolumeMount[] = names.inputs === undefined
    ? []
    : [{ ...labelledVolume(names, "/in"), Source: names.inputs, ReadOnly: true }];
  const user = `${SANDBOX_USER}:${SANDBOX_USER}`;
  const temporary =
    `rw,exec,nosuid,nodev,mode=755,uid=${SANDBOX_USER},gid=${SANDBOX_USER},size=${limits.memoryBytes}`;
  return {
    name: names.name,
    Image: names.image,
    Labels: names.labels,
    Hostname: variation.hostName ?? "vkforge",
    User: user,
    WorkingDir: "/build",
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    Cmd: [...run.command],
    OpenStdin: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges", ...(traits.isPodman ? ["mask=/sys"] : [])],
      // The default list is replaced by one's own; nothing in a step has business with the machine's devices.
      ...(traits.isPodman ? {} : { MaskedPaths: MASKED_PATHS }),
      Init: true,
      ...(variation.cpus === undefined ? {} : { CpusetCpus: `0-${variation.cpus - 1}` }),
      IpcMode: "private",
      Memory: limits.memoryBytes,
      // Together with swap: none.
      MemorySwap: limits.memoryBytes,
      // The init process is the engine's, not the step's.
      PidsLimit: limits.processes + 1,
      ShmSize: limits.memoryBytes,
      Ulimits: [
        { Name: "core", Soft: 0, Hard: 0 },
        OPEN_FILES,
        ...(traits.isPodman ? [PODMAN_PROCESSES] : []),
      ],
      ...(traits.isPodman ? {} : { Tmpfs: { "/tmp": temporary } }),
      Mounts: [
        ...inputs,
        // Nameless: they go with their container.
        // Podman makes memory for no other user than root.
        ...(traits.isPodman ? [labelledVolume(names, "/tmp")] : []),
        labelledVolume(names, "/build"),
        labelledVolume(names, "/out"),
      ],
      // Output comes through the open connection; a second copy on the engine's disk would have no bounds.
      LogConfig: { Type: "none" },
    },
  };
}

/** A container that never runs: it holds the volume while inputs go in. */
export function feederOptions(names: ContainerNames & { readonly inputs: string }): ContainerOptions {
  return {
    name: names.name,
    Image: names.image,
    Labels: names.labels,
    Cmd: ["/"],
    HostConfig: {
      NetworkMode: "none",
      Mounts: [{ ...labelledVolume(names, "/in"), Source: names.inputs }],
      LogConfig: { Type: "none" },
    },
  };
}

/**
 * Whichever container is made first makes the volume, and an engine may die before it has made the container: each
 * mount names the owner.
 */
function labelledVolume({ labels }: ContainerNames, target: string): VolumeMount {
  return { Type: "volume", Target: target, VolumeOptions: { Labels: labels } };
}

/**
 * The command behind the same shell as under bubblewrap, without the variables that engines add of their own. One
 * stream for all of its output: two would come in any order. It waits for a line of input: the inputs are there then.
 */
export function wrapped(run: Pick<SandboxRun, "command" | "environment">): string[] {
  const added = ENGINE_VARIABLES.filter((name) => !(name in run.environment));
  return [
    "/bin/bash",
    "-c",
    `read -r ready || exit 125; umask 022; ulimit -c 0; unset -v ${
      added.join(" ")
    }; exec "$@" 2>&1 < /dev/null`,
    "bash",
    ...run.command,
  ];
}

/** What Docker masks, and all of /sys, which bubblewrap's sandbox does not have. */
const MASKED_PATHS = [
  "/proc/acpi",
  "/proc/asound",
  "/proc/interrupts",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/scsi",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/proc/sched_debug",
  "/sys",
];
