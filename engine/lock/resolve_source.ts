/**
 * Makes the pin of one source: what to take is asked from the publisher, and what the publisher does not tell is learned
 * by a download.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import {
  compareDebianVersions,
  fetchDocument,
  type Fetcher,
  fileRole,
  loadDebianIndex,
  MAVEN_REPOSITORY,
  mavenPath,
  NPM_REGISTRY,
  redactUrl,
  resolveCommit,
  type SignatureVerifier,
  type SourceConfig,
} from "../source/mod.ts";
import type { LockedSource } from "./lock_file.ts";

/**
 * A source without its checksums. A pin of the lock can stand here too and is made anew for the same version; without
 * its version it is made for the newest.
 */
export type SourceRequest =
  | HttpsRequest
  | NpmRequest
  | PypiRequest
  | MavenRequest
  | DebianRequest
  | GitRequest;

/** A file at a URL. */
export interface HttpsRequest {
  readonly kind: "https";
  readonly url: string;
  readonly mirrors?: readonly string[] | undefined;
  /** What the publisher says of the file: it is held to that, and the pin keeps it. */
  readonly sha1?: string | undefined;
  readonly sha512?: string | undefined;
  readonly sha256Prefix?: string | undefined;
}

/** A package of the npm registry. */
export interface NpmRequest {
  readonly kind: "npm";
  readonly package: string;
  /** A version or a tag. Default: "latest". */
  readonly version?: string | undefined;
}

/** A file of a release on PyPI. */
export interface PypiRequest {
  readonly kind: "pypi";
  readonly package: string;
  /** Default: the newest. */
  readonly version?: string | undefined;
  /** The whole name of the file, or its ending, such as "-py3-none-any.whl"; can be left out if there is one file. */
  readonly file?: string | undefined;
}

/** A file of a Maven repository. */
export interface MavenRequest {
  readonly kind: "maven";
  /** `group:artifact:version[:classifier][@extension]`. */
  readonly coordinates: string;
}

/** A .deb, or a file of a Debian source package. */
export interface DebianRequest {
  readonly kind: "debian";
  readonly archive: string;
  readonly package: string;
  /** Default: the newest that the archive has. */
  readonly version?: string | undefined;
  /** A path of the same role, such as one that ends in ".orig.tar.xz". Default: a .deb. */
  readonly path?: string | undefined;
}

/** A commit of a git repository. */
export interface GitRequest {
  readonly kind: "git";
  readonly url: string;
  /** A branch, tag or commit, before `commit`. Default: HEAD. */
  readonly ref?: string | undefined;
  readonly commit?: string | undefined;
  readonly submodules?: boolean | undefined;
}

/** Options of {@linkcode resolveSource}. */
export interface ResolveSourceOptions extends SourceConfig {
  readonly host: Host;
  readonly fetcher: Fetcher;
  /** An existing folder to run git in. */
  readonly folder: string;
  /** Default: `https://pypi.org`. */
  readonly pypiIndex?: string | undefined;
  /** See `gpgvVerifier`. */
  readonly verify?: SignatureVerifier | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The pin of a source, with SHA-256 and size.
 *
 * @param name under which events and errors speak of it
 * @throws {EngineError} "source-gone" if the publisher does not have it, "source-unavailable", "digest-mismatch"
 */
export async function resolveSource(
  name: string,
  request: SourceRequest,
  options: ResolveSourceOptions,
): Promise<LockedSource> {
  switch (request.kind) {
    case "https":
      return await learn(
        name,
        { kind: "https", url: request.url, ...mirrorsOf(request), ...publishedOf(request) },
        options,
      );
    case "npm":
      return await learn(name, await resolveNpm(request, options), options);
    case "pypi":
      return await resolvePypi(name, request, options);
    case "maven":
      return await learn(name, await resolveMaven(request, options), options);
    case "debian":
      return await resolveDebianFile(request, options);
    case "git":
      return await resolveGit(name, request, options);
  }
}

/** Downloads what is known so far and adds what the bytes tell. */
async function learn(
  name: string,
  source: LockedSource,
  options: ResolveSourceOptions,
): Promise<LockedSource> {
  const { digest, sizeBytes } = await options.fetcher.learn(name, source, options.signal);
  return { ...source, sha256: digest, sizeBytes };
}

async function resolveNpm(request: NpmRequest, options: ResolveSourceOptions): Promise<LockedSource> {
  const registry = (options.npmRegistry ?? NPM_REGISTRY).replace(/\/+$/, "");
  const url = `${registry}/${request.package.replace("/", "%2f")}/${
    encodeURIComponent(request.version ?? "latest")
  }`;
  const metadata = await readJson(url, options) as {
    version?: unknown;
    dist?: { integrity?: unknown; shasum?: unknown };
  };
  const version = expectText(metadata.version, { url, member: "version" });
  const integrity = String(metadata.dist?.integrity ?? "").split(" ").find((one) =>
    one.startsWith("sha512-")
  );
  return integrity === undefined
    // Packages from before 2017 have SHA-1 alone.
    ? {
      kind: "npm",
      package: request.package,
      version,
      sha1: expectText(metadata.dist?.shasum, { url, member: "dist.shasum" }),
    }
    : { kind: "npm", package: request.package, version, sha512: hexOf(integrity.slice("sha512-".length)) };
}

async function resolvePypi(
  name: string,
  request: PypiRequest,
  options: ResolveSourceOptions,
): Promise<LockedSource> {
  const { version, files } = await readPypiRelease(request, options);
  const { file = "" } = request;
  const found = files.filter(({ filename }) => filename.endsWith(file));
  const [only] = found;
  if (only === undefined || found.length > 1) {
    const which = file === "" ? "" : ` that ends in "${file}"`;
    const count = only === undefined ? "no file" : "more than one file";
    throw new EngineError(
      "source-gone",
      `Cannot pin "${name}": "${request.package}" ${version} has ${count}${which}`,
      {
        hint: "Name one of its files, or how its name ends",
        detail: files.map(({ filename }) => filename),
      },
    );
  }
  return {
    kind: "pypi",
    package: request.package,
    version,
    file: only.filename,
    url: only.url,
    sha256: only.digests.sha256,
    sizeBytes: only.size,
  };
}

/** The files of a release; of the newest where the request has no version. */
async function readPypiRelease(
  request: PypiRequest,
  options: ResolveSourceOptions,
): Promise<{ readonly version: string; readonly files: readonly PypiFile[] }> {
  const index = (options.pypiIndex ?? "https://pypi.org").replace(/\/+$/, "");
  // Mirrors often have this document and not the one of a single version.
  const url = `${index}/pypi/${encodeURIComponent(request.package)}/json`;
  const metadata = await readJson(url, options) as {
    info?: { version?: unknown };
    releases?: Readonly<Record<string, readonly PypiFile[]>>;
  };
  const version = request.version ?? expectText(metadata.info?.version, { url, member: "info.version" });
  return { version, files: metadata.releases?.[version] ?? [] };
}

/** A file as PyPI's JSON API describes it. */
interface PypiFile {
  readonly filename: string;
  readonly url: string;
  readonly size: number;
  readonly digests: { readonly sha256: string };
}

async function resolveMaven(request: MavenRequest, options: ResolveSourceOptions): Promise<LockedSource> {
  const repository = (options.mavenRepository ?? MAVEN_REPOSITORY).replace(/\/+$/, "");
  const url = `${repository}/${mavenPath(request.coordinates)}.sha1`;
  const text = new TextDecoder().decode(await fetchDocument(url, { ...options, maxSizeBytes: 4096 }));
  // Some tools write the file's name behind the checksum.
  const [sha1] = /^[0-9a-f]{40}\b/i.exec(text.trim()) ?? [];
  return {
    kind: "maven",
    coordinates: request.coordinates,
    sha1: expectText(sha1, { url, member: "SHA-1" }).toLowerCase(),
  };
}

async function resolveDebianFile(
  request: DebianRequest,
  options: ResolveSourceOptions,
): Promise<LockedSource> {
  const archive = options.archives[request.archive];
  if (archive === undefined) {
    throw new EngineError("lock-malformed", `The lock has no archive "${request.archive}"`, {
      hint: 'Add it to "archives" in the lock file',
    });
  }
  const role = fileRole(request.path ?? ".deb");
  const index = await loadDebianIndex(archive, { ...options, of: role === ".deb" ? "packages" : "sources" });
  const files = index.find(request.package).filter(({ path }) => fileRole(path) === role);
  const newest = files
    .filter(({ version }) => request.version === undefined || version === request.version)
    .toSorted((a, b) => compareDebianVersions(a.version, b.version)).at(-1);
  if (newest === undefined) {
    throw new EngineError(
      "source-gone",
      `Cannot pin "${request.package}" ${request.version ?? ""}`.trim() +
        `: the archive "${request.archive}" does not have it`,
      {
        hint: files.length === 0
          ? "Check the name of the package"
          : `The archive has ${files.map(({ version }) => version).join(", ")}`,
      },
    );
  }
  return { kind: "debian", archive: request.archive, ...newest };
}

async function resolveGit(
  name: string,
  request: GitRequest,
  options: ResolveSourceOptions,
): Promise<LockedSource> {
  const { url, submodules = false } = request;
  const commit = await resolveCommit(url, { ...options, ref: request.ref ?? request.commit });
  return await learn(name, { kind: "git", url, commit, submodules }, options);
}

async function readJson(url: string, options: ResolveSourceOptions): Promise<unknown> {
  const bytes = await fetchDocument(url, options);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new EngineError("source-unavailable", `Cannot read ${redactUrl(url)}: it is not JSON`, {
      hint: "A proxy or a login page may stand before the registry",
      cause: error,
    });
  }
}

function expectText(
  value: unknown,
  { url, member }: { readonly url: string; readonly member: string },
): string {
  if (typeof value === "string" && value !== "") return value;
  throw new EngineError("source-unavailable", `Cannot read ${redactUrl(url)}: it has no ${member}`);
}

function hexOf(base64: string): string {
  return Array.from(atob(base64), (character) => character.charCodeAt(0).toString(16).padStart(2, "0")).join(
    "",
  );
}

/** Checksums that did not come from a download here. */
function publishedOf({ sha1, sha512, sha256Prefix }: HttpsRequest) {
  return {
    ...(sha1 === undefined ? {} : { sha1 }),
    ...(sha512 === undefined ? {} : { sha512 }),
    ...(sha256Prefix === undefined ? {} : { sha256Prefix }),
  };
}

function mirrorsOf(request: HttpsRequest): { readonly mirrors?: string[] } {
  return request.mirrors === undefined ? {} : { mirrors: [...request.mirrors] };
}
