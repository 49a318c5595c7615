/**
 * Where a container engine may answer.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";

/** Address of an engine's API. */
export type EngineAddress =
  & { /** As the user would write it into DOCKER_HOST. */ readonly url: string }
  & (
    | { readonly kind: "unix"; readonly path: string }
    | {
      readonly kind: "tcp";
      readonly host: string;
      readonly port: number;
      /** Folder with ca.pem, cert.pem and key.pem; plain HTTP if left out. */
      readonly certificates?: string;
    }
    | {
      readonly kind: "ssh";
      readonly host: string;
      readonly user?: string;
      readonly port?: number;
      /** Path of the engine's socket on that machine. */
      readonly socketPath: string;
    }
  );

/** The variables that say where the engine is, the first one wins. Podman's own tool reads the second. */
const VARIABLES = ["DOCKER_HOST", "CONTAINER_HOST"] as const;

/**
 * The addresses to try, in order: the one that the environment names and no other, else the usual sockets that exist.
 *
 * @throws {EngineError} "usage" for an address that cannot be read
 */
export function engineAddresses(host: Host): EngineAddress[] {
  for (const name of VARIABLES) {
    const url = host.env.get(name);
    if (url !== undefined && url !== "") return [parseAddress(url, { host, name })];
  }
  return usualSockets(host)
    .filter((path) => host.fs.lstat(path)?.kind === "other")
    .map((path) => ({ kind: "unix", url: `unix://${path}`, path }));
}

function usualSockets(host: Host): string[] {
  const home = host.env.get("HOME");
  const runtime = host.env.get("XDG_RUNTIME_DIR");
  return [
    "/var/run/docker.sock",
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    // Docker Desktop's and Colima's, where no context is asked.
    ...(home ? [join(home, ".docker/run/docker.sock"), join(home, ".colima/default/docker.sock")] : []),
    ...(runtime ? [join(runtime, "podman/podman.sock")] : []),
    "/run/podman/podman.sock",
  ];
}

function parseAddress(url: string, { host, name }: { host: Host; name: string }): EngineAddress {
  if (url.startsWith("unix://")) {
    const path = url.slice("unix://".length);
    if (path.startsWith("/")) return { kind: "unix", url, path };
  }
  const parsed = URL.parse(url.replace(/^tcp:/, "http:"));
  if (parsed === null || parsed.hostname === "") throw unreadable(url, name);
  const hostname = parsed.hostname.replace(/^\[(.*)\]$/, "$1");
  switch (url.slice(0, url.indexOf(":"))) {
    case "tcp":
    case "http":
    case "https": {
      const certificates = certificateFolder(host, url);
      const port = parsed.port !== "" ? Number(parsed.port) : certificates === undefined ? 2375 : 2376;
      return {
        kind: "tcp",
        url,
        host: hostname,
        port,
        ...(certificates === undefined ? {} : { certificates }),
      };
    }
    case "ssh":
      return {
        kind: "ssh",
        url,
        host: hostname,
        ...(parsed.username === "" ? {} : { user: decodeURIComponent(parsed.username) }),
        ...(parsed.port === "" ? {} : { port: Number(parsed.port) }),
        socketPath: parsed.pathname.length > 1 ? parsed.pathname : "/var/run/docker.sock",
      };
    default:
      throw unreadable(url, name);
  }
}

/** As Docker's own tool has it: TLS where DOCKER_TLS_VERIFY or DOCKER_CERT_PATH is set. */
function certificateFolder(host: Host, url: string): string | undefined {
  const folder = host.env.get("DOCKER_CERT_PATH");
  if (folder) return folder;
  if (!host.env.get("DOCKER_TLS_VERIFY") && !url.startsWith("https:")) return undefined;
  return join(host.env.get("HOME") ?? "/root", ".docker");
}

function unreadable(url: string, name: string): EngineError {
  return new EngineError("usage", `Cannot read ${name}: "${url}" is not the address of a container engine`, {
    hint: "Write it as unix:///path, tcp://host:port or ssh://user@host",
  });
}
