/**
 * A machine behind ssh that is this one: OpenSSH's daemon on loopback with keys and configuration of its own.
 *
 * @module
 */
import { join } from "node:path";
import type { ChildProcess } from "../../engine/host.ts";
import { freePort, host } from "./_rig.ts";

const SSHD = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].find((path) => host.fs.lstat(path) !== undefined);

/** Starts a daemon and logs in, or says why that cannot be tested here. */
export async function trySshd(folder: string): Promise<Sshd | { readonly reason: string }> {
  const reason = whyNoSsh();
  if (reason !== undefined) return { reason };
  try {
    const sshd = await Sshd.start(folder);
    const args = ["-F", sshd.config, "-oBatchMode=yes", "board", "true"];
    let said = "";
    const { code } = await host.spawn("/usr/bin/ssh", {
      args,
      cwd: "/",
      env: {},
      onStderr: (chunk) => void (said += new TextDecoder().decode(chunk)),
    }).exit;
    if (code === 0) return sshd;
    await sshd.close();
    // A user without a name, without a shell, or whose account is locked.
    return { reason: `this user cannot log in to this machine: ${said.trim()}` };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

function whyNoSsh(): string | undefined {
  if (SSHD === undefined) return "there is no sshd (Debian: openssh-server)";
  for (const name of ["ssh", "scp", "ssh-keygen"]) {
    if (host.fs.lstat(`/usr/bin/${name}`) === undefined) {
      return `there is no ${name} (Debian: openssh-client)`;
    }
  }
  return undefined;
}

/** See the module's text. */
export class Sshd {
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly port: number;

  private constructor(folder: string, child: ChildProcess, port: number) {
    this.#folder = folder;
    this.#child = child;
    this.port = port;
  }

  /** Configuration for ssh in which the machine is called "board", another without a key "stranger". */
  get config(): string {
    return join(this.#folder, "config");
  }

  /** Starts it. @param folder of its own; only its owner may write there */
  static async start(folder: string): Promise<Sshd> {
    host.fs.mkdir(folder);
    host.fs.chmod(folder, 0o700);
    for (const name of ["host", "user", "stranger"]) {
      await run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, name)]);
    }
    host.fs.copyFile(join(folder, "user.pub"), join(folder, "authorized"));
    // The daemon of root wants a folder that packages make when they are installed.
    if (host.machine.userId === 0) host.fs.mkdir("/run/sshd");
    const port = await freePort();
    const lines = [
      "ListenAddress 127.0.0.1",
      `Port ${port}`,
      `HostKey ${folder}/host`,
      `AuthorizedKeysFile ${folder}/authorized`,
      `PidFile ${folder}/pid`,
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "UsePAM no",
      "StrictModes no",
      "PermitRootLogin yes",
      "Subsystem sftp internal-sftp",
    ];
    host.fs.writeFile(join(folder, "sshd_config"), `${lines.join("\n")}\n`);
    const child = host.spawn(SSHD!, {
      args: ["-D", "-e", "-f", join(folder, "sshd_config")],
      cwd: "/",
      env: {},
      onStderr: (chunk) => Deno.writeFileSync(join(folder, "log"), chunk, { append: true }),
    });
    const key = host.fs.readTextFile(join(folder, "host.pub")).split(" ").slice(0, 2).join(" ");
    host.fs.writeFile(join(folder, "known"), `[127.0.0.1]:${port} ${key}\n`);
    const client = (name: string, identity: string) => [
      `Host ${name}`,
      "  HostName 127.0.0.1",
      `  Port ${port}`,
      `  IdentityFile ${folder}/${identity}`,
      "  IdentitiesOnly yes",
      `  UserKnownHostsFile ${folder}/known`,
      "  GlobalKnownHostsFile /dev/null",
      "  StrictHostKeyChecking yes",
    ];
    host.fs.writeFile(
      join(folder, "config"),
      [...client("board", "user"), ...client("stranger", "stranger"), ""].join("\n"),
    );
    const sshd = new Sshd(folder, child, port);
    for (let tries = 0; !await sshd.#answers(); tries++) {
      if (tries > 100) {
        await sshd.close();
        throw new Error(`sshd does not start: ${host.fs.readTextFile(join(folder, "log"))}`);
      }
      await host.clock.sleep(50);
    }
    return sshd;
  }

  async close(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #answers(): Promise<boolean> {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port: this.port })).close();
      return true;
    } catch {
      return false;
    }
  }
}

async function run(program: string, args: readonly string[]): Promise<void> {
  let said = "";
  const { code } = await host.spawn(program, {
    args,
    cwd: "/",
    env: {},
    onStderr: (chunk) => void (said += new TextDecoder().decode(chunk)),
  }).exit;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${said.trim()}`);
}
