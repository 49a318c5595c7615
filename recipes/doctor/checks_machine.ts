import { dirname, join } from "node:path";
import type { Host } from "../../engine/host.ts";
import { exists, readSetting } from "./_probe.ts";
import type { Check } from "./check.ts";

const MIN_DENO = [2, 9] as const;
const MIN_MEMORY_BYTES = 4 * 2 ** 30;
/** The main job leaves about 4 GB behind; while it runs it needs more. */
const MIN_DISK_BYTES = 6e9;
/** A clock before this was never set: no release is older. */
const EARLIEST_MS = Date.UTC(2025, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

/** Deno 2.9 or later. */
export function checkDeno(version: string): Check {
  const name = "Deno";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fits = major > MIN_DENO[0] || (major === MIN_DENO[0] && minor >= MIN_DENO[1]);
  if (fits) return { name, status: "ok", message: version };
  return {
    name,
    status: "fail",
    message: `Version ${version} is too old: ${MIN_DENO.join(".")} or later is needed`,
    hint: "Run `npx -y deno@2.9.6 task …`, or `deno upgrade`",
  };
}

/** Linux on x86_64. */
export function checkPlatform(host: Host): Check {
  const name = "Platform";
  const { operatingSystem, architecture } = host.machine;
  const message = `${operatingSystem} ${architecture}`;
  if (operatingSystem === "linux" && architecture === "x86_64") return { name, status: "ok", message };
  return {
    name,
    status: "fail",
    message: `${message} is not supported: Linux on x86_64 is`,
    hint: "Use a Linux machine, a virtual machine or a container on x86_64",
  };
}

/** Four GiB of memory, counting a limit that a container sets. */
export function checkMemory(host: Host): Check {
  const name = "Memory";
  const limit = Number(
    readSetting(host, "/sys/fs/cgroup/memory.max") ??
      readSetting(host, "/sys/fs/cgroup/memory/memory.limit_in_bytes"),
  );
  // "max" is not a number.
  const limited = limit > 0 && limit < host.machine.memoryBytes;
  const bytes = limited ? limit : host.machine.memoryBytes;
  const message = `${(bytes / 2 ** 30).toFixed(1)} GiB${limited ? ", the limit of this container" : ""}`;
  // Firmware and kernel take some: a machine sold with 4 GiB shows 3.7.
  if (bytes >= 0.9 * MIN_MEMORY_BYTES) return { name, status: "ok", message };
  return {
    name,
    status: "warn",
    message: `${message}: less than 4 GiB`,
    hint: "Use `--jobs 1`; if a compiler is killed all the same, more memory is needed",
  };
}

/** Six GB free where the store lies. */
export function checkDisk(host: Host, cacheFolder: string): Check {
  const name = "Disk";
  try {
    const bytes = host.fs.freeBytes(nearestFolder(host, cacheFolder));
    const message = `${(bytes / 1e9).toFixed(1)} GB free for ${cacheFolder}`;
    if (bytes >= MIN_DISK_BYTES) return { name, status: "ok", message };
    return {
      name,
      status: "warn",
      message: `${message}: a fresh main job needs 6 GB`,
      hint: "Free some space, run `deno task cache gc`, or point VKFORGE_HOME to a larger disk",
    };
  } catch (error) {
    return {
      name,
      status: "warn",
      message: `Cannot tell the free space for ${cacheFolder}: ${reasonOf(error)}`,
    };
  }
}

/** The store can be written. Leaves nothing behind. */
export function checkCacheFolder(host: Host, cacheFolder: string): Check {
  const name = "Cache folder";
  const folder = nearestFolder(host, cacheFolder);
  const file = join(folder, `.vkforge-doctor-${host.machine.pid}`);
  try {
    host.fs.writeFile(file, "probe");
    return { name, status: "ok", message: cacheFolder };
  } catch (error) {
    return {
      name,
      status: "fail",
      message: `Cannot write to ${folder}: ${reasonOf(error)}`,
      hint: "Point VKFORGE_HOME to a folder that you own, on a disk that is not read-only or full",
    };
  } finally {
    try {
      host.fs.remove(file);
    } catch {
      // It could not be written either.
    }
  }
}

/** The clock was set: certificates are judged by it. */
export function checkClock(host: Host): Check {
  const name = "Clock";
  const now = host.clock.now();
  const sane = now >= EARLIEST_MS && now < LATEST_MS;
  const message = Number.isFinite(now) && Math.abs(now) <= 8.64e15
    ? new Date(now).toISOString()
    : String(now);
  if (sane) return { name, status: "ok", message };
  return {
    name,
    status: "fail",
    message: `${message} cannot be right`,
    hint: "Set the clock (`sudo timedatectl set-ntp true`); downloads fail because certificates seem invalid",
  };
}

/** The folder itself, or the nearest one above it that exists. */
function nearestFolder(host: Host, folder: string): string {
  let current = folder;
  while (!exists(host, current) && dirname(current) !== current) current = dirname(current);
  return current;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
