/**
 * What a Debian archive holds now: InRelease, which is signed, names the digests of the package lists, and these name
 * the digests of the packages.
 *
 * @module
 */
import { join } from "node:path";
import { digestOf } from "../digest.ts";
import { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import type { DebianArchive } from "../lock/lock_file.ts";
import { fetchDocument } from "./document.ts";
import { redactUrl } from "./redact.ts";

/** One file of one version of a package in an archive. */
export interface DebianIndexEntry {
  readonly package: string;
  readonly version: string;
  /** Path below the archive's URL. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** The files of an archive: its .deb files or those of its source packages. */
export interface DebianIndex {
  /** Why its digests can be believed: Debian's signature was checked, or it came over HTTPS. */
  readonly trust: "signature" | "https";
  /** The files of all versions of a package. */
  find(name: string): readonly DebianIndexEntry[];
}

/**
 * Checks a clear-signed InRelease file.
 *
 * @returns the text that is signed, and nothing else of the file
 * @throws {EngineError} if the signature is not good
 */
export type SignatureVerifier = (inRelease: Uint8Array) => Promise<string>;

/** Options of {@linkcode loadDebianIndex}. */
export interface LoadIndexOptions {
  readonly host: Host;
  /** Which lists to read. Default: "packages". */
  readonly of?: "packages" | "sources" | undefined;
  /** See {@linkcode gpgvVerifier}. Without one only an archive with an https URL is believed. */
  readonly verify?: SignatureVerifier | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the index of an archive.
 *
 * @throws {EngineError} "source-unavailable", "source-gone"; "digest-mismatch" if a list is not the one that InRelease names
 */
export async function loadDebianIndex(
  archive: DebianArchive,
  options: LoadIndexOptions,
): Promise<DebianIndex> {
  const base = archive.url.replace(/\/+$/, "");
  const suite = `${base}/dists/${archive.suite}`;
  const release = await readRelease(`${suite}/InRelease`, archive, options);
  const entries = new Map<string, DebianIndexEntry[]>();
  for (const component of archive.components) {
    const path = options.of === "sources"
      ? `${component}/source/Sources`
      : `${component}/binary-${archive.architecture}/Packages`;
    for await (const entry of readList(path, { ...options, release, suite })) {
      const versions = entries.get(entry.package);
      if (versions === undefined) entries.set(entry.package, [entry]);
      else versions.push(entry);
    }
  }
  return {
    trust: options.verify === undefined ? "https" : "signature",
    find: (name) => entries.get(name) ?? [],
  };
}

/** What is used of a Release file. */
interface Release {
  readonly byHash: boolean;
  /** SHA-256 and size of the lists, by path. */
  readonly files: ReadonlyMap<string, { readonly sha256: string; readonly sizeBytes: number }>;
}

async function readRelease(url: string, archive: DebianArchive, options: LoadIndexOptions): Promise<Release> {
  if (options.verify === undefined && !url.startsWith("https:")) {
    throw unusable(url, "it does not come over HTTPS, and nothing is there to check its signature", {
      hint: "Install gpgv and debian-archive-keyring, or use an archive with an https URL",
    });
  }
  const bytes = await fetchDocument(url, { ...options, maxSizeBytes: 16 * 2 ** 20 });
  const text = options.verify === undefined
    ? clearText(new TextDecoder().decode(bytes))
    : await options.verify(bytes);
  const release = parseRelease(text);
  const { fields } = release;
  // Keeps a good signature on one suite from being used for another, or for long ago.
  if (fields.get("Suite") !== archive.suite && fields.get("Codename") !== archive.suite) {
    throw unusable(url, `it is about "${fields.get("Codename")}", not "${archive.suite}"`);
  }
  const validUntil = fields.get("Valid-Until");
  if (validUntil !== undefined && Date.parse(validUntil) < options.host.clock.now()) {
    throw unusable(url, `it was valid until ${validUntil}`, {
      hint: "Check the clock of this machine, or use another mirror",
    });
  }
  return release;
}

/** The text between the armour lines of a clear-signed file. */
function clearText(text: string): string {
  const match =
    /^-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:.+\r?\n)*\r?\n([\s\S]*?)^-----BEGIN PGP SIGNATURE-----/m.exec(
      text,
    );
  return (match?.[1] ?? text).replace(/^- /gm, "");
}

function parseRelease(text: string): Release & { readonly fields: ReadonlyMap<string, string> } {
  const fields = new Map<string, string>();
  const files = new Map<string, { sha256: string; sizeBytes: number }>();
  let field = "";
  for (const line of text.split(/\r?\n/)) {
    if (!line.startsWith(" ")) {
      const colon = line.indexOf(":");
      field = line.slice(0, colon);
      fields.set(field, line.slice(colon + 1).trim());
    } else if (field === "SHA256") {
      const [sha256 = "", size = "", path = ""] = line.trim().split(/\s+/);
      files.set(path, { sha256, sizeBytes: Number(size) });
    }
  }
  return { fields, files, byHash: fields.get("Acquire-By-Hash") === "yes" };
}

async function* readList(
  path: string,
  options: LoadIndexOptions & { readonly release: Release; readonly suite: string },
): AsyncGenerator<DebianIndexEntry> {
  const { release, suite } = options;
  const name = [`${path}.xz`, `${path}.gz`].find((name) => release.files.has(name));
  const listed = name && release.files.get(name);
  if (name === undefined || !listed) throw unusable(`${suite}/InRelease`, `it lists no "${path}"`);
  const folder = name.slice(0, name.lastIndexOf("/"));
  // By digest, a list stays the one that InRelease names even while the archive is being updated.
  const url = `${suite}/${release.byHash ? `${folder}/by-hash/SHA256/${listed.sha256}` : name}`;
  const bytes = await fetchDocument(url, { ...options, maxSizeBytes: listed.sizeBytes });
  const sha256 = digestOf(bytes);
  if (sha256 !== listed.sha256) {
    throw new EngineError(
      "digest-mismatch",
      `Cannot read ${redactUrl(url)}: sha256 is ${sha256}, InRelease says ${listed.sha256}`,
      { hint: "The archive may be in the middle of an update; try again in some minutes" },
    );
  }
  for await (const stanza of stanzas(await unpack(name, bytes))) {
    yield* options.of === "sources" ? parseSource(stanza) : parsePackage(stanza);
  }
}

async function unpack(name: string, bytes: Uint8Array): Promise<ReadableStream<Uint8Array>> {
  const packed = new Blob([bytes as BlobPart]).stream();
  if (name.endsWith(".gz")) return packed.pipeThrough(new DecompressionStream("gzip"));
  // CommonJS without named exports.
  const { default: xz } = await import("xz-decompress");
  return new xz.XzReadableStream(packed);
}

async function* stanzas(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    const end = rest.lastIndexOf("\n\n");
    if (end < 0) continue;
    yield* rest.slice(0, end).split("\n\n");
    rest = rest.slice(end + 2);
  }
  if (rest.trim() !== "") yield rest;
}

function parsePackage(stanza: string): DebianIndexEntry[] {
  const name = fieldOf(stanza, "Package");
  const version = fieldOf(stanza, "Version");
  const path = fieldOf(stanza, "Filename");
  const sha256 = fieldOf(stanza, "SHA256");
  const sizeBytes = Number(fieldOf(stanza, "Size"));
  if (name === undefined || version === undefined || path === undefined || sha256 === undefined) return [];
  return [{ package: name, version, path: path.replace(/^\.\//, ""), sha256, sizeBytes }];
}

function parseSource(stanza: string): DebianIndexEntry[] {
  const name = fieldOf(stanza, "Package");
  const version = fieldOf(stanza, "Version");
  const folder = fieldOf(stanza, "Directory");
  if (name === undefined || version === undefined || folder === undefined) return [];
  const [, files = ""] = /^Checksums-Sha256:.*\n((?: .*(?:\n|$))*)/m.exec(stanza) ?? [];
  return files.trim().split("\n").map((line) => {
    const [sha256 = "", size = "", file = ""] = line.trim().split(/\s+/);
    return { package: name, version, path: `${folder}/${file}`, sha256, sizeBytes: Number(size) };
  });
}

function fieldOf(stanza: string, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)$`, "m").exec(stanza)?.[1]?.trim();
}

function unusable(url: string, reason: string, options: { readonly hint?: string } = {}): EngineError {
  return new EngineError("source-unavailable", `Cannot use ${redactUrl(url)}: ${reason}`, options);
}

/** Options of {@linkcode gpgvVerifier}. */
export interface GpgvOptions {
  /** Where a file may be written for gpgv to read. */
  readonly folder: string;
  /** Default: Debian's own, where the machine has it. */
  readonly keyring?: string | undefined;
}

const KEYRINGS = [
  "/usr/share/keyrings/debian-archive-keyring.gpg",
  "/usr/share/keyrings/debian-archive-keyring.pgp",
];

/**
 * A verifier that runs gpgv with Debian's archive keys, or `undefined` where the machine has no gpgv or no keys.
 */
export function gpgvVerifier(host: Host, options: GpgvOptions): SignatureVerifier | undefined {
  const path = host.env.get("PATH") ?? "/usr/bin:/bin";
  const has = (file: string) => host.fs.lstat(file) !== undefined;
  const gpgv = path.split(":").filter((folder) => folder !== "").map((folder) => join(folder, "gpgv")).find(
    has,
  );
  const keyring = options.keyring ?? KEYRINGS.find(has);
  if (gpgv === undefined || keyring === undefined) return undefined;
  return async (inRelease) => {
    const file = join(options.folder, `inrelease-${digestOf(inRelease)}`);
    const output = `${file}.text`;
    const messages: Uint8Array[] = [];
    host.fs.mkdir(options.folder);
    try {
      host.fs.writeFile(file, inRelease);
      host.fs.remove(output);
      const { code } = await host.spawn(gpgv, {
        args: ["--keyring", keyring, "--output", output, file],
        cwd: options.folder,
        env: { LC_ALL: "C" },
        onStderr: (chunk) => messages.push(chunk.slice()),
      }).exit;
      if (code === 0) return host.fs.readTextFile(output);
      const said = (await new Blob(messages as BlobPart[]).text()).trim().split("\n");
      throw new EngineError(
        "digest-mismatch",
        "Cannot believe InRelease: its signature is not one of Debian's archive keys",
        {
          hint:
            "Update debian-archive-keyring; if that does not help, the archive or a proxy is not to be trusted",
          detail: said,
        },
      );
    } finally {
      host.fs.remove(file);
      host.fs.remove(output);
    }
  };
}
