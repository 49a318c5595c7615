/**
 * The secrets that this process knows: those of its environment, and what it learns on the way.
 *
 * @module
 */
import { type Secrets, secretsOf } from "../engine/secrets/mod.ts";

let known: Secrets | undefined;

/** One for all: what is learned in one place must not be told in another. */
export function processSecrets(): Secrets {
  return known ??= secretsOf(Deno.env.toObject());
}
