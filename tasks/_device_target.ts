/**
 * `--target`: where models are to run, and the way there.
 *
 * @module
 */
import { join } from "node:path";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { ADB, debianImage } from "../docker/mod.ts";
import { readPackagesLock } from "../engine/lock/mod.ts";
import {
  Adb,
  adbOfImage,
  adbOnPath,
  adbPort,
  AdbTransport,
  chooseDevice,
  DeviceError,
  SshTransport,
  type Transport,
} from "../measure/targets/mod.ts";
import { packagesLockPath } from "../recipes/project.ts";
import type { Session } from "./_session.ts";

/** Where models run. */
export type TargetChoice =
  | { readonly kind: "swiftshader" | "lavapipe" | "gpu" | "bundle" }
  | { readonly kind: "adb"; readonly serial?: string }
  | { readonly kind: "ssh"; readonly destination: string };

/** Parses `--target`. */
export function targetChoice(text: string): TargetChoice {
  const [, kind = "", rest] = /^([a-z]+)(?::(.*))?$/.exec(text) ?? [];
  switch (kind) {
    case "swiftshader":
    case "lavapipe":
    case "gpu":
    case "bundle":
      if (rest === undefined) return { kind };
      break;
    case "adb":
      if (rest === undefined) return { kind };
      if (/^[^\s-]\S*$/.test(rest)) return { kind, serial: rest };
      break;
    case "ssh":
      // A name that begins with a dash would be an option to ssh.
      if (rest !== undefined && /^[^\s-]\S*$/.test(rest)) return { kind, destination: rest };
      break;
  }
  throw new InvalidArgumentError(
    "Give swiftshader, lavapipe, gpu, adb, adb:SERIAL, ssh:HOST, ssh:USER@HOST:PORT or bundle.",
  );
}

/** A way to a device that is this process's alone. */
export interface OpenDevice extends AsyncDisposable {
  readonly transport: Transport;
}

/** Options of {@linkcode openDevice}. */
export interface DeviceOptions {
  readonly target: Extract<TargetChoice, { readonly kind: "adb" | "ssh" }>;
  readonly sshConfig?: string | undefined;
  /** A folder to work in; its path must be short. */
  readonly workFolder: string;
}

/**
 * Finds the device and opens the way to it.
 *
 * @throws {DeviceError} see docs/devices.md
 */
export async function openDevice(session: Session, options: DeviceOptions): Promise<OpenDevice> {
  const { target, sshConfig, workFolder } = options;
  const { host } = session;
  if (target.kind === "ssh") {
    const transport = SshTransport.open({
      host,
      destination: target.destination,
      workFolder,
      ...(sshConfig === undefined ? {} : { configFile: sshConfig }),
    });
    return held(session, transport, () => transport.close());
  }
  const adb = await openAdb(session);
  try {
    const timeoutMs = 20_000;
    const devices = await adb.devices({ timeoutMs, signal: session.signal });
    const serial = chooseDevice(devices, target.serial ?? (host.env.get("ANDROID_SERIAL") || undefined));
    return held(session, new AdbTransport(adb, serial), () => adb.close());
  } catch (error) {
    await adb.close();
    throw error;
  }
}

/** The user's adb, or the one of the locked image. */
async function openAdb({ host, engine, project, signal }: Session): Promise<Adb> {
  const own = adbOnPath(host);
  if (own !== undefined) return await Adb.open({ host, program: own, port: adbPort(host) }, signal);
  if (host.machine.operatingSystem !== "linux" || host.machine.architecture !== "x86_64") {
    throw new DeviceError("no-adb", "Cannot find adb on this machine", {
      hint: "Install Android's platform tools, so that `adb devices` works",
    });
  }
  const lock = await readPackagesLock(host, packagesLockPath(project.repository, ADB));
  const { root } = await engine.image(debianImage(ADB, lock), signal);
  return await Adb.open({ host, program: adbOfImage(host, root), port: adbPort(host) }, signal);
}

/**
 * Where commands tell each other which devices they use. Not among the store's own locks: there a sweep removes those
 * that nobody holds, and a session that was killed is known by its lock that nobody holds.
 */
export function deviceFolder({ host, engine }: Session): string {
  const folder = join(engine.store.root, "devices");
  host.fs.mkdir(folder);
  return folder;
}

/** That another command of this machine uses the device is told at once; of other machines' the device itself tells. */
function held(session: Session, transport: Transport, close: () => Promise<void>): OpenDevice {
  const { fs, machine } = session.host;
  const name = `${transport.kind}-${transport.address.replaceAll(/[^A-Za-z0-9_.-]/g, "_")}`;
  const path = join(deviceFolder(session), name);
  const lock = fs.tryLock(path);
  if (lock === undefined) {
    const pid = fs.readTextFile(path).trim();
    throw new DeviceError("busy", `The device "${transport.address}" is in use by another vkforge`, {
      hint: pid === "" ? "Wait until that one has ended" : `Wait until that one has ended: process ${pid}`,
    });
  }
  fs.writeFile(path, `${machine.pid}\n`);
  return {
    transport,
    async [Symbol.asyncDispose]() {
      fs.remove(path);
      lock[Symbol.dispose]();
      await close();
    },
  };
}
