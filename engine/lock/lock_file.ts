/**
 * The lock files: `vkforge.lock.json` pins every source, `docker/<image>/packages.lock.json` the .deb closure of an image.
 *
 * @module
 */
import { z } from "zod";

/** Where files come from; anything else, such as "javascript:" or "ext::", has no business in a lock. */
const fileUrl = z.url({ protocol: /^(https?|file)$/, error: "expected an http, https or file URL" });
const gitUrl = z.url({
  protocol: /^(https?|ssh|git|file)$/,
  error: "expected an http, https, ssh, git or file URL",
});

const hex = (digits: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`), `expected ${digits} hex digits`);

/** Shared by all kinds: checksums (SHA-256 wherever it is known, otherwise the publisher's own) and the size in bytes. */
const integrity = {
  sha256: hex(64).optional(),
  sha512: hex(128).optional(),
  sha1: hex(40).optional(),
  /** First digits of the SHA-256, where the publisher gives no more (torchvision's weights). */
  sha256Prefix: z.string().regex(/^[0-9a-f]{8,63}$/, "expected 8 to 63 hex digits").optional(),
  sizeBytes: z.number().int().positive().optional(),
  /** Further places with the same bytes, tried in order. */
  mirrors: z.array(fileUrl).optional(),
};

const httpsSource = z.strictObject({ kind: z.literal("https"), url: fileUrl, ...integrity });
const npmSource = z.strictObject({
  kind: z.literal("npm"),
  package: z.string().min(1),
  version: z.string().min(1),
  ...integrity,
});
const pypiSource = z.strictObject({
  kind: z.literal("pypi"),
  package: z.string().min(1),
  version: z.string().min(1),
  /** File name of the wheel or sdist. */
  file: z.string().min(1),
  url: fileUrl,
  ...integrity,
});
const mavenSource = z.strictObject({
  kind: z.literal("maven"),
  /** `group:artifact:version[:classifier][@extension]`. */
  coordinates: z.string().regex(
    /^[^:@]+:[^:@]+:[^:@]+(:[^:@]+)?(@[a-z0-9.]+)?$/,
    "expected group:artifact:version[:classifier][@extension]",
  ),
  ...integrity,
});
const debianSource = z.strictObject({
  kind: z.literal("debian"),
  /** Key in `archives`. */
  archive: z.string().min(1),
  package: z.string().min(1),
  version: z.string().min(1),
  /** Path below the archive's URL, such as `pool/main/b/bubblewrap/….deb`. */
  path: z.string().regex(/^pool(?!.*\/\.\.(\/|$))\/.+$/, "expected a path below pool/"),
  ...integrity,
});
const gitSource = z.strictObject({
  kind: z.literal("git"),
  url: gitUrl,
  commit: hex(40),
  submodules: z.boolean().default(false),
  ...integrity,
});

/** One pinned source. */
export const lockedSourceSchema = z.discriminatedUnion("kind", [
  httpsSource,
  npmSource,
  pypiSource,
  mavenSource,
  debianSource,
  gitSource,
]).refine(
  (source) =>
    source.kind === "git" ||
    (source.sha256 ?? source.sha512 ?? source.sha1 ?? source.sha256Prefix) !== undefined,
  "needs a checksum",
);

const archiveSchema = z.strictObject({
  url: fileUrl,
  suite: z.string().min(1),
  components: z.array(z.string().min(1)).min(1),
  architecture: z.string().min(1).default("amd64"),
  /** Second place for versions that left the archive: the snapshot archive's URL up to and with the time stamp. */
  snapshot: fileUrl.optional(),
});

/** `vkforge.lock.json`. */
export const lockFileSchema = z.strictObject({
  schema: z.literal(1),
  archives: z.record(z.string(), archiveSchema),
  sources: z.record(z.string(), lockedSourceSchema),
});

const lockedPackageSchema = z.strictObject({
  name: z.string().min(1),
  version: z.string().min(1),
  /** Key in `archives`. */
  archive: z.string().min(1),
  path: debianSource.shape.path,
  sha256: hex(64),
  sizeBytes: z.number().int().positive(),
});

/** `docker/<image>/packages.lock.json`: what was asked for and the closure, in the order it is unpacked. */
export const packagesLockSchema = z.strictObject({
  schema: z.literal(1),
  requested: z.record(z.string(), z.array(z.string().min(1))),
  packages: z.array(lockedPackageSchema),
});

/** A pinned source of any kind. */
export type LockedSource = z.infer<typeof lockedSourceSchema>;
/** A Debian archive. */
export type DebianArchive = z.infer<typeof archiveSchema>;
/** The parsed `vkforge.lock.json`. */
export type LockFile = z.infer<typeof lockFileSchema>;
/** One .deb of an image. */
export type LockedPackage = z.infer<typeof lockedPackageSchema>;
/** The parsed package lock of an image. */
export type PackagesLock = z.infer<typeof packagesLockSchema>;
