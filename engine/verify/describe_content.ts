/**
 * What differs between two contents of one file: by entry for archives, by section for ELF, by line for text, else by
 * byte. For more, `verify` asks diffoscope where it is installed.
 *
 * @module
 */
import { diffLines } from "../text_diff.ts";
import { describeBytes } from "./_bytes.ts";
import { isElf, readSections } from "./_elf.ts";
import { isZip, readEntries, unpackEntry, type ZipEntry } from "./_zip.ts";

/** Archives in archives are looked into so deep. */
const MAX_DEPTH = 3;
/** Entries, sections and lines that are told of one file. */
const MAX_PARTS = 8;
const MAX_LINES = 20;
/** Longer texts are told by byte: comparing lines takes time and room by their square. */
const MAX_TEXT_BYTES = 512 * 1024;

/** Lines that tell what differs; empty for equal contents. */
export function describeContent(before: Uint8Array, now: Uint8Array, depth = 0): string[] {
  if (isZip(before) && isZip(now) && depth < MAX_DEPTH) {
    const lines = describeZip(before, now, depth);
    if (lines !== undefined) return lines;
  }
  if (isElf(before) && isElf(now)) {
    const lines = describeElf(before, now);
    if (lines !== undefined) return lines;
  }
  const [old, current] = [textOf(before), textOf(now)];
  return old !== undefined && current !== undefined ? describeText(old, current) : describeBytes(before, now);
}

function describeZip(before: Uint8Array, now: Uint8Array, depth: number): string[] | undefined {
  const [old, current] = [readEntries(before), readEntries(now)];
  if (old === undefined || current === undefined) return undefined;
  const [oldByName, currentByName] = [byName(old), byName(current)];
  const parts: string[][] = [];
  for (const name of new Set([...oldByName.keys(), ...currentByName.keys()])) {
    const [was, is] = [oldByName.get(name), currentByName.get(name)];
    if (was === undefined) parts.push([`entry "${name}" is extra`]);
    else if (is === undefined) parts.push([`entry "${name}" is missing`]);
    else if (was.crc32 !== is.crc32 || was.sizeBytes !== is.sizeBytes) {
      const [a, b] = [unpackEntry(before, was), unpackEntry(now, is)];
      const inner = a === undefined || b === undefined ? [] : describeContent(a, b, depth + 1);
      parts.push([`entry "${name}" differs`, ...indent(inner)]);
    } else {
      const lines = describeHeader(was, is);
      if (lines.length > 0) parts.push(lines);
    }
  }
  const names = (entries: readonly ZipEntry[]) => entries.map(({ name }) => name).join("\0");
  if (parts.length === 0 && names(old) !== names(current)) parts.push(["the entries are in another order"]);
  // Local headers, padding, comments.
  if (parts.length === 0) return undefined;
  return limited(parts, "entries");
}

function describeHeader(was: ZipEntry, is: ZipEntry): string[] {
  const facts = [
    was.time === is.time ? "" : `time ${was.time} → ${is.time}`,
    was.attributes === is.attributes
      ? ""
      : `attributes ${was.attributes.toString(16)} → ${is.attributes.toString(16)}`,
    was.method === is.method ? "" : `method ${was.method} → ${is.method}`,
    was.compressedBytes === is.compressedBytes
      ? ""
      : `compressed size ${was.compressedBytes} → ${is.compressedBytes}`,
  ].filter((fact) => fact !== "");
  return facts.length === 0 ? [] : [`entry "${was.name}" has the same bytes but another ${facts.join(", ")}`];
}

function describeElf(before: Uint8Array, now: Uint8Array): string[] | undefined {
  const [old, current] = [readSections(before), readSections(now)];
  if (old === undefined || current === undefined) return undefined;
  const [oldByName, currentByName] = [byName(old), byName(current)];
  const parts: string[][] = [];
  for (const name of new Set([...oldByName.keys(), ...currentByName.keys()])) {
    const [was, is] = [oldByName.get(name), currentByName.get(name)];
    if (was === undefined) parts.push([`section "${name}" is extra`]);
    else if (is === undefined) parts.push([`section "${name}" is missing`]);
    else {
      const lines = describeBytes(was.bytes, is.bytes);
      if (lines.length > 0) parts.push([`section "${name}" differs`, ...indent(lines)]);
    }
  }
  return parts.length === 0 ? undefined : limited(parts, "sections");
}

function describeText(before: string, now: string): string[] {
  const signs = { same: "  ", removed: "- ", added: "+ ", gap: "…" };
  const lines = diffLines(before, now, 0).map(({ kind, text }) => `${signs[kind]}${text}`);
  if (lines.length === 0) return before === now ? [] : ["only the line break at the end differs"];
  return limited(lines.map((line) => [line]), "lines", MAX_LINES);
}

function limited(parts: readonly string[][], what: string, most = MAX_PARTS): string[] {
  const lines = parts.slice(0, most).flat();
  return parts.length > most ? [...lines, `and ${parts.length - most} more ${what}`] : lines;
}

function byName<Item extends { readonly name: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.name, item]));
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_TEXT_BYTES || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
