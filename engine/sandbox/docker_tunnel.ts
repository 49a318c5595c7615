/**
 * An engine behind ssh, reached through the user's own `ssh`: it knows their keys, agent, jump hosts and the machines
 * that they trust. (dockerode's ssh accepts any host key.)
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import type { EngineAddress } from "./docker_address.ts";

/**
 * How long a tunnel outlives its last connection. It is nobody's child and needs no end: a command that was killed
 * leaves nothing for longer than this.
 */
const IDLE_S = 30;

/** What `ssh` needs of the user's environment. */
const PASSED_ON = ["PATH", "HOME", "USER", "LOGNAME", "SSH_AUTH_SOCK"];

/**
 * Opens a tunnel.
 *
 * @returns path of a socket of this machine that leads to the engine's
 * @throws {EngineError} "sandbox-unavailable" with what `ssh` said
 */
export async function openTunnel(
  host: Host,
  address: EngineAddress & { kind: "ssh" },
  signal: AbortSignal,
): Promise<string> {
  // Not in the store: the path of a socket may have 107 bytes.
  const folder = join(tmpdir(), `vkforge-${randomUUID().slice(0, 8)}`);
  let said = "";
  const decoder = new TextDecoder();
  try {
    host.fs.mkdir(folder);
    host.fs.chmod(folder, 0o700);
    const { code } = await host.spawn("ssh", {
      args: sshArguments(address, folder),
      cwd: "/",
      env: passedOn(host),
      signal,
      onStderr: (chunk) => said = (said + decoder.decode(chunk, { stream: true })).slice(-2_000),
    }).exit;
    if (code !== 0) throw new Error(said.trim().split("\n").at(-1) || `ssh ended with exit code ${code}`);
    return join(folder, SOCKET);
  } catch (error) {
    host.fs.remove(folder);
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError(
      "sandbox-unavailable",
      `Cannot reach the container engine at "${address.url}": ${reason}`,
      {
        hint: `Check that \`ssh ${address.host}\` works without a question`,
        cause: error,
      },
    );
  }
}

const SOCKET = "engine.sock";

/** `ssh` goes to the background once the socket is there, and ends when nobody has used it for a while. */
function sshArguments(address: EngineAddress & { kind: "ssh" }, folder: string): string[] {
  const options = {
    BatchMode: "yes",
    ConnectTimeout: "15",
    ControlMaster: "yes",
    ControlPath: join(folder, "control"),
    ControlPersist: String(IDLE_S),
    ExitOnForwardFailure: "yes",
    ServerAliveInterval: "15",
  };
  return [
    ...["-f", "-N", "-T"],
    ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    ...(address.user === undefined ? [] : ["-l", address.user]),
    ...(address.port === undefined ? [] : ["-p", String(address.port)]),
    ...["-L", `${join(folder, SOCKET)}:${address.socketPath}`, "--", address.host],
  ];
}

function passedOn(host: Host): Record<string, string> {
  return Object.fromEntries(PASSED_ON.flatMap((name) => {
    const value = host.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}
