/**
 * Everything between a test and a device: images, device, proxy, adb's server, target.
 *
 * @module
 */
import { createServer } from "node:net";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { Adb, adbOfImage } from "../../measure/targets/adb/adb.ts";
import { AdbTransport } from "../../measure/targets/adb/adb_transport.ts";
import type { Bundle } from "../../measure/targets/bundle.ts";
import { DeviceError } from "../../measure/targets/device_error.ts";
import type { DeviceSession } from "../../measure/targets/device_session.ts";
import { ShellTarget, type ShellTargetOptions } from "../../measure/targets/remote_target.ts";
import type { Transport } from "../../measure/targets/transport.ts";
import { AdbDevice, type AdbDeviceOptions, type DeviceImages } from "./_adb_device.ts";
import { Proxy } from "./_proxy.ts";

/** See the module's text. */
export const host = denoHost();

/** A short path: sockets lie in it. */
export function scratch(): string {
  return Deno.makeTempDirSync({ prefix: "vkf-" });
}

/** The environment in which adb keeps its keys apart from the user's. */
export function adbHome(folder: string): typeof host {
  const home = join(folder, "home");
  host.fs.mkdir(home);
  return { ...host, env: { get: (name) => name === "HOME" ? home : host.env.get(name) } };
}

/** A port that is free. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("No port");
  return address.port;
}

/** An adb with a server of its own. */
export async function openAdb(images: DeviceImages, folder: string): Promise<Adb> {
  const own = adbHome(folder);
  return await Adb.open(
    { host: own, program: adbOfImage(own, images.adb), port: await freePort() },
    new AbortController().signal,
  );
}

/** Device, proxy, adb. */
export class Rig {
  readonly folder: string;
  readonly images: DeviceImages;
  readonly device: AdbDevice;
  readonly proxy: Proxy;
  readonly adb: Adb;

  private constructor(parts: Pick<Rig, "folder" | "images" | "device" | "proxy" | "adb">) {
    ({ folder: this.folder, images: this.images, device: this.device, proxy: this.proxy, adb: this.adb } =
      parts);
  }

  static async open(
    images: DeviceImages,
    options: Omit<AdbDeviceOptions, "images" | "folder"> = {},
  ): Promise<Rig> {
    const folder = scratch();
    const device = await AdbDevice.start({ images, folder, ...options });
    const proxy = await Proxy.open(device.socketPath);
    const adb = await openAdb(images, folder);
    await adb.run(["connect", proxy.address], SHORT);
    return new Rig({ folder, images, device, proxy, adb });
  }

  transport(): AdbTransport {
    return new AdbTransport(this.adb, this.proxy.address);
  }

  /** A target on the device with short patience. */
  target(bundle: Bundle, changes: Partial<ShellTargetOptions> = {}): ShellTarget {
    return targetOn(this.transport(), bundle, { workFolder: join(this.folder, "work"), ...changes });
  }

  /** Waits for a file of the device; `*` stands for a part of a name. */
  async untilThere(pattern: string): Promise<void> {
    const parts = pattern.split("/").map((part) => new RegExp(`^${part.replaceAll("*", ".*")}$`));
    const isThere = (folder: string, [first, ...rest]: readonly RegExp[]): boolean => {
      if (first === undefined) return true;
      if (host.fs.lstat(folder)?.kind !== "directory") return false;
      return host.fs.readDir(folder).some(({ name }) =>
        first.test(name) && isThere(join(folder, name), rest)
      );
    };
    for (let tries = 0; !isThere(this.device.data, parts); tries++) {
      if (tries > 600) throw new Error(`"${pattern}" did not come to be on the device`);
      await host.clock.sleep(50);
    }
  }

  /** Command lines on the device that hold a text. */
  async processes(text: string): Promise<string[]> {
    const { output } = await this.transport().shell(
      "for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline; echo; done",
      SHORT,
    );
    return output.split("\n").filter((line) => line.includes(text));
  }

  /** Finds the device again after it was away. */
  async reconnect(): Promise<void> {
    for (let tries = 0;; tries++) {
      try {
        return await this.transport().reconnect(SHORT);
      } catch (error) {
        if (tries === 50) throw error;
        await host.clock.sleep(200);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.adb.close();
    await this.proxy.close();
    await this.device.kill();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** What is wrong with a device, as a promise tells that should fail. */
export async function problemOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof DeviceError) return error.problem;
    throw error;
  }
}

/** Bounds for a call of a test. */
export const SHORT = { timeoutMs: 10_000, signal: new AbortController().signal };

/** A session that takes all others for killed ones. */
export function testSession(changes: Partial<DeviceSession> = {}): DeviceSession {
  return { id: crypto.randomUUID(), owner: "tests@here", hasEnded: () => true, ...changes };
}

/** A target with a test's patience. */
export function targetOn(
  transport: Transport,
  bundle: Bundle,
  changes: Partial<ShellTargetOptions> & { readonly workFolder: string },
): ShellTarget {
  host.fs.mkdir(changes.workFolder);
  return new ShellTarget({
    host,
    transport,
    bundle,
    profile: "stock",
    session: testSession(),
    folder: "/data/local/tmp/vkforge",
    timeoutMs: 60_000,
    answerMs: 10_000,
    watchMs: 5_000,
    reconnectMs: 20_000,
    coolDownMs: 0,
    signal: new AbortController().signal,
    onNote: () => {},
    ...changes,
  });
}

/** A request for a run of a model of `scriptBundle`. */
export function request(bundle: Bundle, outFolder: string, { model = "ok", threads = 1 } = {}) {
  const [modelFolder = "", inputFolder = ""] = [...bundle.folders.keys()];
  return {
    backend: "cpu" as const,
    modelFolder,
    modelFile: model,
    inputFolder,
    inputs: ["x.json"],
    outFolder,
    warmup: 0,
    iterations: 1,
    threads,
  };
}
