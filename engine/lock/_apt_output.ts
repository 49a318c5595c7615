/**
 * Reads what apt prints.
 *
 * @module
 */

/** A package as `apt-cache show` describes it. */
export interface AptPackage {
  readonly name: string;
  readonly version: string;
  /** Path below the archive's URL. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Names and versions in the order of unpacking, from `apt-get --simulate install`. */
export function parseInstallOrder(output: string): { readonly name: string; readonly version: string }[] {
  return [...output.matchAll(/^Inst (\S+?)(?::\S+)? (?:\[\S+\] )?\((\S+) /gm)].map((
    [, name = "", version = ""],
  ) => ({
    name,
    version,
  }));
}

/** The URLs of `apt-get --print-uris install`; apt escapes more than it must ("+" as "%2b"), which is undone. */
export function parseUris(output: string): Set<string> {
  return new Set([...output.matchAll(/^'([^']+)' /gm)].map(([, url = ""]) => decodeURIComponent(url)));
}

/** The packages that `apt-cache show` describes. */
export function parsePackages(output: string): AptPackage[] {
  return output.split(/\n{2,}/).flatMap((stanza) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(stanza)?.[1]?.trim();
    const [name, version, path, sha256] = [
      field("Package"),
      field("Version"),
      field("Filename"),
      field("SHA256"),
    ];
    if (name === undefined || version === undefined || path === undefined || sha256 === undefined) return [];
    return [{ name, version, path: path.replace(/^\.\//, ""), sha256, sizeBytes: Number(field("Size")) }];
  });
}
