/**
 * A device that is none: the real adbd in a root file system of its own, in a sandbox without a network. It is reached
 * through a Unix socket, so that nothing of it shows on this machine's addresses. (It listens on vsock as well, which
 * knows no namespaces: in a virtual machine, its host could connect.)
 *
 * @module
 */
import { join } from "node:path";
import { ADB, ADB_DEVICE, debianImage, type ImageSpec } from "../../docker/mod.ts";
import { denoHost } from "../../engine/deno_host.ts";
import { readPackagesLock } from "../../engine/lock/mod.ts";
import type { ChildProcess } from "../../engine/host.ts";
import { loadProject } from "../../recipes/project.ts";
import { openEngine, REPOSITORY } from "../../tasks/_session.ts";

const host = denoHost();
const LIBRARIES = "usr/lib/x86_64-linux-gnu";

/** Folders of the images that the tests need. */
export interface DeviceImages {
  readonly adb: string;
  readonly device: string;
  readonly bubblewrap: string;
}

/** Assembles the images, or says why the tests cannot run here. */
export async function deviceImages(): Promise<DeviceImages | { readonly reason: string }> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") return { reason: "needs Linux on x86-64" };
  try {
    const project = await loadProject(host, REPOSITORY);
    const values = { logFormat: "plain", engine: "auto", jobs: 2 } as const;
    const engine = openEngine(host, project, values, () => {});
    const { signal } = new AbortController();
    const root = async (spec: ImageSpec) => {
      const lock = await readPackagesLock(host, join(REPOSITORY, spec.folder, "packages.lock.json"));
      return (await engine.image(debianImage(spec, lock), signal)).root;
    };
    const images = {
      adb: await root(ADB),
      device: await root(ADB_DEVICE),
      bubblewrap: (await engine.image(project.sandboxTools, signal)).root,
    };
    const reason = await whyNoSandbox(images);
    return reason === undefined ? images : { reason };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

async function whyNoSandbox(images: DeviceImages): Promise<string | undefined> {
  let said = "";
  const { program, args } = sandboxed(images, ["--proc", "/proc"], ["/bin/true"]);
  const child = host.spawn(program, {
    args,
    cwd: "/",
    env: {},
    onStdout: () => {},
    onStderr: (chunk) => void (said += new TextDecoder().decode(chunk)),
  });
  return (await child.exit).code === 0 ? undefined : `no sandbox here: ${said.trim()}`;
}

/** Options of {@linkcode AdbDevice.start}. */
export interface AdbDeviceOptions {
  readonly images: DeviceImages;
  /** A folder for its socket and its files; the path must be short. */
  readonly folder: string;
  /** Limits what can be written to it. */
  readonly sizeBytes?: number;
  /** A Vulkan driver of its own: a folder with manifest and library. */
  readonly vulkan?: string;
  /** Programs of the device by name, such as `getprop`: texts of scripts. */
  readonly programs?: Readonly<Record<string, string>>;
}

/** See the module's text. */
export class AdbDevice {
  readonly #options: AdbDeviceOptions;
  #child: ChildProcess | undefined;

  private constructor(options: AdbDeviceOptions) {
    this.#options = options;
  }

  /** Starts it and waits until it listens. */
  static async start(options: AdbDeviceOptions): Promise<AdbDevice> {
    const device = new AdbDevice(options);
    await device.boot();
    return device;
  }

  /** Where it takes connections. */
  get socketPath(): string {
    return join(this.#options.folder, "run", "adbd.sock");
  }

  /** What it has at `/data/local/tmp`, unless its size is limited. */
  get data(): string {
    return join(this.#options.folder, "data");
  }

  /** Starts it again after {@linkcode kill}. */
  async boot(): Promise<void> {
    const { images, folder, sizeBytes, vulkan, programs = {} } = this.#options;
    for (const name of ["run", "data", "bin"]) host.fs.mkdir(join(folder, name));
    host.fs.remove(this.socketPath);
    for (const [name, text] of Object.entries(programs)) {
      host.fs.writeFile(join(folder, "bin", name), text, { mode: 0o755 });
    }
    const { program, args } = sandboxed(images, [
      "--proc",
      "/proc",
      "--dev",
      "/dev",
      "--tmpfs",
      "/tmp",
      "--ro-bind",
      join(folder, "bin"),
      "/system/bin",
      ...(vulkan === undefined ? [] : ["--ro-bind", vulkan, "/etc/vulkan/icd.d"]),
      "--dir",
      "/data/local",
      ...(sizeBytes === undefined
        ? ["--bind", this.data, "/data/local/tmp"]
        : ["--size", String(sizeBytes), "--tmpfs", "/data/local/tmp"]),
      "--bind",
      join(folder, "run"),
      "/run",
    ], [
      "/bin/sh",
      "-c",
      "adbd & exec socat UNIX-LISTEN:/run/adbd.sock,fork,mode=600 TCP:127.0.0.1:5555,retry=50,interval=0.1",
    ]);
    this.#child = host.spawn(program, { args, cwd: "/", env: {} });
    let hasEnded = false;
    this.#child.exit.finally(() => hasEnded = true);
    while (host.fs.lstat(this.socketPath) === undefined) {
      if (hasEnded) throw new Error("The device did not start");
      await host.clock.sleep(20);
    }
  }

  /** Ends it with all that runs on it, as a restart does. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.exit;
    this.#child = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** Bubblewrap with the device's root; its user is the device's root. */
function sandboxed(
  { bubblewrap, device }: DeviceImages,
  world: readonly string[],
  command: readonly string[],
): { readonly program: string; readonly args: readonly string[] } {
  return {
    program: join(bubblewrap, LIBRARIES, "ld-linux-x86-64.so.2"),
    args: [
      "--library-path",
      join(bubblewrap, LIBRARIES),
      join(bubblewrap, "usr/bin/bwrap"),
      ...[
        "--unshare-all",
        "--unshare-user",
        "--uid",
        "0",
        "--gid",
        "0",
        "--die-with-parent",
        "--new-session",
      ],
      ...["--cap-drop", "ALL", "--clearenv", "--hostname", "device"],
      ...["--setenv", "PATH", "/system/bin:/usr/sbin:/usr/bin", "--setenv", "HOME", "/data"],
      ...["--tmpfs", "/", "--ro-bind", join(device, "usr"), "/usr", "--dir", "/etc"],
      ...["bin", "lib", "lib64", "sbin"].flatMap((name) => ["--symlink", `usr/${name}`, `/${name}`]),
      ...world,
      "--",
      ...command,
    ],
  };
}
