/**
 * The forms in which a secret may stand in a text.
 *
 * @module
 */

/** What to look for. */
export interface Forms {
  /** Bytes as they stand: plain, in JSON, in URLs. */
  readonly literal: readonly Uint8Array[];
  /** Base64 and hex, which programs break into lines. */
  readonly wrapped: readonly Uint8Array[];
}

/** All forms of a secret, without duplicates. */
export function formsOf(secret: string): Forms {
  const bytes = bytesOf(secret);
  return { literal: unique(literals(secret, bytes)), wrapped: unique([...hexes(bytes), ...base64s(bytes)]) };
}

function literals(secret: string, bytes: Uint8Array): string[] {
  const wellFormed = secret.toWellFormed();
  const component = encodeURIComponent(wellFormed);
  const urls = [
    component,
    encodeURI(wellFormed),
    // Form fields: a space is "+".
    new URLSearchParams([["", wellFormed]]).toString().slice(1),
    // RFC 3986 to the letter, as curl and most languages do it; with and without the slash, as Python's quote().
    strict(component),
    strict(component).replaceAll("%2F", "/"),
    Array.from(bytes, (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  ];
  return [
    wellFormed,
    JSON.stringify(wellFormed).slice(1, -1),
    ...urls,
    ...urls.map((url) => url.replace(/%../g, (code) => code.toLowerCase())),
  ];
}

function strict(component: string): string {
  return component.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function hexes(bytes: Uint8Array): string[] {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex, hex.toUpperCase()];
}

/**
 * The characters of base64 that depend on the secret alone, for each of the three places it can have among other bytes.
 * A character that it shares with a neighbour is not among them: it tells at most four bits.
 */
function base64s(bytes: Uint8Array): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const moved = new Uint8Array(offset + bytes.length);
    moved.set(bytes, offset);
    const own = toBase64(moved).slice(Math.ceil(offset * 8 / 6), Math.floor(moved.length * 8 / 6));
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function unique(texts: readonly string[]): Uint8Array[] {
  return [...new Set(texts)].filter((text) => text !== "").map(bytesOf);
}
