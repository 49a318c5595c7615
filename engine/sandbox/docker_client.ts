/**
 * The way to a container engine: dockerode on the address that the user named. The one file that loads dockerode.
 *
 * @module
 */
import { Readable } from "node:stream";
import { join } from "node:path";
import Dockerode from "dockerode";
import { explainIo } from "../error.ts";
import type { Host } from "../host.ts";
import type { Docker } from "./docker_api.ts";
import type { EngineAddress } from "./docker_address.ts";
import { openTunnel } from "./docker_tunnel.ts";

/** Makes a client; opens the tunnel of an ssh address, nothing else is asked of the engine. */
export async function openDockerClient(
  host: Host,
  address: EngineAddress,
  signal: AbortSignal,
): Promise<Docker> {
  switch (address.kind) {
    case "unix":
      return new Dockerode({ ...NOTHING, socketPath: address.path });
    case "tcp":
      return new Dockerode({
        ...NOTHING,
        protocol: address.certificates === undefined ? "http" : "https",
        host: address.host,
        port: address.port,
        ...(address.certificates === undefined ? {} : readCertificates(host, address.certificates)),
      });
    case "ssh":
      return new Dockerode({ ...NOTHING, socketPath: await openTunnel(host, address, signal) });
  }
}

/** A request's body of chunks that are made as the engine takes them. */
export function bodyOf(chunks: Iterable<Uint8Array>): NodeJS.ReadableStream {
  return Readable.from(chunks, { objectMode: false, highWaterMark: 1 << 20 });
}

/** dockerode takes what is not said from the process's own environment; all of it comes from the address instead. */
const NOTHING = {
  protocol: "http",
  host: undefined,
  port: undefined,
  pathPrefix: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
  timeout: undefined,
};

function readCertificates(host: Host, folder: string): { ca: string; cert: string; key: string } {
  const read = (name: string) => {
    const path = join(folder, name);
    try {
      return host.fs.readTextFile(path);
    } catch (error) {
      throw explainIo(error, `read the engine's certificate "${path}"`);
    }
  };
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}
