/**
 * Values of options that are about the store's size and age.
 *
 * @module
 */
import { InvalidArgumentError } from "@commander-js/extra-typings";

const FACTORS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
};

/** Parses a size such as `20GB`, `1.5T`, `500 MiB` or a number of bytes. */
export function parseSize(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?$/i.exec(text.trim()) ?? [];
  const factor = FACTORS[unit.toLowerCase()];
  if (number === undefined || factor === undefined) {
    throw new InvalidArgumentError("It must be a size such as 20GB, 500MiB or a number of bytes.");
  }
  return Math.round(Number(number) * factor);
}

/** Parses a number of days, zero or more; fractions are fine. */
export function parseDays(text: string): number {
  const days = Number(text);
  if (text.trim() === "" || !Number.isFinite(days) || days < 0) {
    throw new InvalidArgumentError("It must be a number of days, zero or more.");
  }
  return days;
}
