/**
 * Where a pinned source can be had, in the order in which the places are tried.
 *
 * @module
 */
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { EngineError } from "../error.ts";
import type { DebianArchive, LockedPackage, LockedSource } from "../lock/lock_file.ts";
import { redactUrl } from "./redact.ts";

/** Places that do not stand in the source itself. */
export interface SourceConfig {
  /** The archives of the lock file, by key. */
  readonly archives: Readonly<Record<string, DebianArchive>>;
  /** Folders (absolute paths) and base URLs that are tried first, by file name and by SHA-256. */
  readonly mirrors?: readonly string[] | undefined;
  /** Default: `https://registry.npmjs.org`. */
  readonly npmRegistry?: string | undefined;
  /** Default: `https://repo.maven.apache.org/maven2`. */
  readonly mavenRepository?: string | undefined;
  /** Stands in for `https://files.pythonhosted.org`, where PyPI's file URLs point. */
  readonly pypiFiles?: string | undefined;
}

/** npm's public registry. */
export const NPM_REGISTRY = "https://registry.npmjs.org";
/** Maven Central. */
export const MAVEN_REPOSITORY = "https://repo.maven.apache.org/maven2";
/** Where PyPI keeps its files. */
export const PYPI_FILES = "https://files.pythonhosted.org";

/**
 * The URLs of a source in order: the user's mirrors, the publisher, Debian's snapshot archive, the lock's mirrors. For
 * a git source these are only places that may have its finished archive; the repository itself comes after them.
 *
 * @throws {EngineError} "usage" for a mirror that is neither an absolute path nor an http, https or file URL;
 * "lock-malformed" for an archive that the lock does not have
 */
export function candidates(source: LockedSource, config: SourceConfig): string[] {
  return [
    ...(config.mirrors ?? []).flatMap((mirror) => mirrorUrls(mirror, source)),
    ...publishers(source, config),
    ...(source.mirrors ?? []),
  ];
}

/** The name under which a source's file is known; a single path segment. */
export function fileNameOf(source: LockedSource): string {
  switch (source.kind) {
    case "https":
      return lastSegment(URL.parse(source.url)?.pathname ?? "");
    case "npm":
      return `${source.package.split("/").at(-1)}-${source.version}.tgz`;
    case "pypi":
      return lastSegment(source.file);
    case "maven":
      return lastSegment(mavenPath(source.coordinates));
    case "debian":
      return lastSegment(source.path);
    case "git":
      return `${
        lastSegment(URL.parse(source.url)?.pathname.replace(/\/+$/, "").replace(/\.git$/, "") ?? "")
      }-${source.commit}.tar`;
  }
}

/** A package of an image's lock as a source. */
export function packageSource(locked: LockedPackage): LockedSource & { readonly kind: "debian" } {
  return {
    kind: "debian",
    archive: locked.archive,
    package: locked.name,
    version: locked.version,
    path: locked.path,
    sha256: locked.sha256,
    sizeBytes: locked.sizeBytes,
  };
}

/** Where the publisher has a source, and behind it Debian's snapshot archive; nothing for git. */
export function publishers(source: LockedSource, config: SourceConfig): string[] {
  switch (source.kind) {
    case "https":
      return [source.url];
    case "npm":
      return [under(config.npmRegistry ?? NPM_REGISTRY, `${source.package}/-/${fileNameOf(source)}`)];
    case "pypi":
      return [
        config.pypiFiles !== undefined && source.url.startsWith(`${PYPI_FILES}/`)
          ? config.pypiFiles.replace(/\/+$/, "") + source.url.slice(PYPI_FILES.length)
          : source.url,
      ];
    case "maven":
      return [under(config.mavenRepository ?? MAVEN_REPOSITORY, mavenPath(source.coordinates))];
    case "debian": {
      const archive = config.archives[source.archive];
      if (archive === undefined) {
        throw new EngineError(
          "lock-malformed",
          `Cannot place "${source.package}": the lock has no archive "${source.archive}"`,
          {
            hint: `The lock has ${
              Object.keys(config.archives).map((key) => `"${key}"`).join(", ") || "none"
            }; run \`deno task lock\``,
          },
        );
      }
      return [archive.url, archive.snapshot].filter((base) => base !== undefined).map((base) =>
        under(base, source.path)
      );
    }
    case "git":
      return [];
  }
}

/** `group:artifact:version[:classifier][@extension]` as a path in a Maven repository. */
export function mavenPath(coordinates: string): string {
  const [names = "", extension = "jar"] = coordinates.split("@");
  const [group = "", artifact = "", version = "", classifier] = names.split(":");
  const file = `${artifact}-${version}${classifier === undefined ? "" : `-${classifier}`}.${extension}`;
  return `${group.replaceAll(".", "/")}/${artifact}/${version}/${file}`;
}

function mirrorUrls(mirror: string, source: LockedSource): string[] {
  // Without a checksum of its own a git archive from elsewhere could not be told from another.
  if (source.kind === "git" && source.sha256 === undefined) return [];
  const base = mirrorBase(mirror);
  const names = [fileNameOf(source), ...(source.sha256 === undefined ? [] : [source.sha256])];
  return names.map((name) => under(base, name));
}

function mirrorBase(mirror: string): string {
  if (isAbsolute(mirror)) return pathToFileURL(mirror).href;
  const protocol = URL.parse(mirror)?.protocol;
  if (protocol === "http:" || protocol === "https:" || protocol === "file:") return mirror;
  throw new EngineError("usage", `Unknown mirror "${redactUrl(mirror)}"`, {
    hint: "A mirror is a folder or an http, https or file URL",
  });
}

/** A path below a base URL. A query of the base, such as a token, is kept behind the path. */
function under(base: string, path: string): string {
  const url = new URL(base);
  const encoded = path.split("/").map(encodeSegment).join("/");
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${encoded}`;
  return url.href;
}

/** Escapes what would end the path; leaves `@`, `+`, `~` and `:` as registries write them. */
function encodeSegment(segment: string): string {
  return encodeURI(segment).replaceAll("?", "%3F").replaceAll("#", "%23");
}

function lastSegment(path: string): string {
  const segment = path.split("/").at(-1) ?? "";
  let name = segment;
  try {
    name = decodeURIComponent(segment);
  } catch {
    // Not percent-encoded text after all.
  }
  name = name.replaceAll(/[/\\\0]/g, "_");
  return name === "" || name === "." || name === ".." ? "download" : name;
}
