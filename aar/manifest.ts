/**
 * `AndroidManifest.xml` of a library: a text, unlike that of an app.
 *
 * @module
 */
import { XMLParser, XMLValidator } from "fast-xml-parser";

/** What a library's manifest says. */
export interface AndroidManifest {
  /** The library's Java package; the manifest of newer plug-ins may leave it out. */
  readonly package: string | undefined;
  readonly minSdk: number | undefined;
  readonly targetSdk: number | undefined;
  /** Permissions that an app gets along with the library. */
  readonly permissions: readonly string[];
}

/** A manifest that Android's tools would not take. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
}

/**
 * Reads a manifest.
 *
 * @throws {ManifestError}
 */
export function readManifest(bytes: Uint8Array): AndroidManifest {
  if (bytes[0] === 3 && bytes[1] === 0) {
    throw new ManifestError("is in the binary form of apps; a library's is a text");
  }
  const text = new TextDecoder().decode(bytes);
  const validity = XMLValidator.validate(text);
  if (validity !== true) throw new ManifestError(`is no XML: line ${validity.err.line}: ${validity.err.msg}`);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseAttributeValue: false,
  });
  const document = parser.parse(text) as { manifest?: Element | "" };
  if (document.manifest === undefined) throw new ManifestError("has no element <manifest>");
  const manifest: Element = document.manifest === "" ? {} : document.manifest;
  const sdk = first(manifest["uses-sdk"]);
  return {
    package: attribute(manifest, "package"),
    minSdk: level(sdk, "android:minSdkVersion"),
    targetSdk: level(sdk, "android:targetSdkVersion"),
    permissions: all(manifest["uses-permission"]).flatMap((one) => attribute(one, "android:name") ?? []),
  };
}

type Element = Readonly<Record<string, unknown>>;

function all(value: unknown): Element[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one): one is Element => typeof one === "object" && one !== null);
}

function first(value: unknown): Element {
  return all(value)[0] ?? {};
}

function attribute(element: Element, name: string): string | undefined {
  const value = element[name];
  return typeof value === "string" ? value : undefined;
}

function level(element: Element, name: string): number | undefined {
  const text = attribute(element, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new ManifestError(`has ${name}="${text}", which is no API level`);
  return value;
}
