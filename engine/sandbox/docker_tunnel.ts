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

/** A socket of this machine that leads to the engine's. */
export interface Tunnel extends Disposable {
  readonly socketPath: string;
}

const POLL_MS = 50;
const OPEN_TIMEOUT_MS = 30_000;

/** What `ssh` needs of the user's environment. */
const PASSED_ON = ["PATH", "HOME", "USER", "LOGNAME", "SSH_AUTH_SOCK"];

/**
 * Opens a tunnel; it ends with the process.
 *
 * @throws {EngineError} "sandbox-unavailable" with what `ssh` said
 */
export async function openTunnel(
  host: Host,
  address: EngineAddress & { kind: "ssh" },
  signal: AbortSignal,
): Promise<Tunnel> {
  // Not in the store: the path of a socket may have 107 bytes.
  const folder = join(tmpdir(), `vkforge-${randomUUID().slice(0, 8)}`);
  host.fs.mkdir(folder);
  host.fs.chmod(folder, 0o700);
  const socketPath = join(folder, "engine.sock");
  const stop = new AbortController();
  let said = "";
  let ended: number | undefined;
  const decoder = new TextDecoder();
  const remove = () => {
    stop.abort();
    host.fs.remove(folder);
  };
  try {
    const child = host.spawn("ssh", {
      args: sshArguments(address, socketPath),
      cwd: "/",
      env: passedOn(host),
      signal: stop.signal,
      onStderr: (chunk) => said = (said + decoder.decode(chunk, { stream: true })).slice(-2_000),
    });
    child.exit.then(({ code }) => ended = code, () => ended = -1);
    const deadline = host.clock.monotonic() + OPEN_TIMEOUT_MS;
    while (host.fs.lstat(socketPath) === undefined) {
      if (ended !== undefined) throw new Error(said.trim() || `ssh ended with exit code ${ended}`);
      if (host.clock.monotonic() > deadline) throw new Error("ssh did not connect within 30 s");
      await host.clock.sleep(POLL_MS, signal);
    }
  } catch (error) {
    remove();
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
  return { socketPath, [Symbol.dispose]: remove };
}

function sshArguments(address: EngineAddress & { kind: "ssh" }, socketPath: string): string[] {
  return [
    "-N",
    "-T",
    "-o",
    "BatchMode=yes",
    "-o",
    "ExitOnForwardFailure=yes",
    "-o",
    "ServerAliveInterval=15",
    ...(address.user === undefined ? [] : ["-l", address.user]),
    ...(address.port === undefined ? [] : ["-p", String(address.port)]),
    "-L",
    `${socketPath}:${address.socketPath}`,
    "--",
    address.host,
  ];
}

function passedOn(host: Host): Record<string, string> {
  return Object.fromEntries(PASSED_ON.flatMap((name) => {
    const value = host.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}
