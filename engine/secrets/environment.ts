/**
 * Which variables of the environment hold secrets.
 *
 * @module
 */
import { Secrets } from "./secrets.ts";

/** Anywhere in a name: `GITHUB_TOKEN`, `npm_config__authToken`, `DB_PASSWORD`. */
const WORDS = /token|passw(or)?d|passphrase|secret|credential|apikey/i;
/** As a word of their own, since "key" is part of "keyboard" and "pat" of "path". */
const WHOLE_WORDS = /(^|[^a-z0-9])(key|keys|pat|pwd|pass|auth)($|[^a-z0-9])/i;
/** These name a place, which errors have to tell: `SSH_KEY_PATH`, `SSH_AUTH_SOCK`, the shell's own `PWD`. */
const PLACES = /(^|_)(file|path|dir|directory|folder|home|sock|socket)$|^(old)?pwd$/i;

/** The secrets of an environment: values of variables that are named like one, and passwords in URLs. */
export function secretsOf(environment: Readonly<Record<string, string>>): Secrets {
  const secrets = new Secrets();
  for (const [name, value] of Object.entries(environment)) {
    if (isSecretName(name)) secrets.add(value);
    for (const password of urlPasswords(value)) secrets.add(password);
  }
  return secrets;
}

/** Whether a variable of this name is taken for a secret. */
export function isSecretName(name: string): boolean {
  // "apiKey" and "APIKey" are two words.
  const spaced = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  return (WORDS.test(name) || WHOLE_WORDS.test(spaced)) && !PLACES.test(name);
}

/** The password of a URL such as a proxy's, as it stands there and decoded. */
function urlPasswords(value: string): string[] {
  if (!value.includes("://")) return [];
  const { password } = URL.parse(value) ?? { password: "" };
  if (password === "") return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
