/**
 * Where a remote cache is: a repository of an OCI registry.
 *
 * @module
 */
import { EngineError } from "../error.ts";

/** See the module's text. */
export interface RegistryAddress {
  /** Scheme, host and port, such as `https://ghcr.io`. */
  readonly origin: string;
  /** Host and port, as credentials are kept under it. */
  readonly host: string;
  /** Name within the registry, such as `acme/vkforge-cache`. */
  readonly repository: string;
  /** For people: host, port and name. */
  readonly text: string;
}

/** A repository's name (OCI distribution specification 1.1, "Pulling manifests"). */
const NAME = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

/**
 * Reads an address such as `ghcr.io/acme/vkforge-cache` or `http://localhost:5000/cache`.
 *
 * Without a scheme it is https, but http on this machine. Plain http to elsewhere has to be asked for: whoever is on
 * the way could answer in the registry's place, and read the password.
 *
 * @throws {EngineError} "usage"
 */
export function parseRegistry(text: string, options: { readonly plainHttp?: boolean } = {}): RegistryAddress {
  const trimmed = text.trim();
  const url = URL.parse(trimmed.includes("://") ? trimmed : `https://${trimmed}`);
  if (url === null || url.hostname === "" || !["http:", "https:"].includes(url.protocol)) {
    throw wrong(`Cannot read the registry's address "${redacted(trimmed)}"`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new EngineError("usage", "The registry's address must not hold a password", {
      hint: "Put it into VKFORGE_REGISTRY_USER and VKFORGE_REGISTRY_PASSWORD, or use `docker login`",
    });
  }
  const repository = url.pathname.replace(/^\/|\/$/g, "");
  if (repository === "") throw wrong(`The registry's address "${trimmed}" has no repository`);
  if (!NAME.test(repository) || url.search !== "" || url.hash !== "") {
    throw wrong(`Unknown form of a repository: "${repository}${url.search}${url.hash}"`);
  }
  const isNamedHttp = trimmed.startsWith("http://");
  const isLocal = isLoopback(url.hostname);
  if (isNamedHttp && !isLocal && options.plainHttp !== true) {
    throw new EngineError("usage", `Cannot use "${trimmed}": http to another machine is not protected`, {
      hint: "Use https, or add --plain-http where the network can be trusted",
    });
  }
  const isHttp = isNamedHttp || (!trimmed.startsWith("https://") && (isLocal || options.plainHttp === true));
  // Parsed as https, the port 443 is not told any more, and 80 is; written anew it is what was meant.
  const { host } = URL.parse(`${isHttp ? "http" : "https"}://${hostOf(trimmed)}`) ?? url;
  return {
    origin: `${isHttp ? "http" : "https"}://${host}`,
    host,
    repository,
    text: `${host}/${repository}`,
  };
}

/** Whether a host name stands for this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname);
}

function hostOf(text: string): string {
  return text.replace(/^[a-z]+:\/\//, "").replace(/\/.*$/s, "");
}

function wrong(message: string): EngineError {
  return new EngineError("usage", message, {
    hint: "It is HOST/NAME, in lower case: ghcr.io/acme/vkforge-cache, localhost:5000/cache",
  });
}

function redacted(text: string): string {
  return text.includes("@") ? "…" : text;
}
