/**
 * Getting in: no credentials, a password, or a token that a token server gives for one.
 *
 * https://distribution.github.io/distribution/spec/auth/token/
 *
 * @module
 */
import { z } from "zod";
import type { Secrets } from "../secrets/mod.ts";
import type { HttpSender } from "./_http.ts";
import { RegistryError } from "./_registry_error.ts";
import type { FoundCredentials } from "./credentials.ts";
import type { RegistryAddress } from "./reference.ts";

/** What a request wants to do. */
export type Access = "pull" | "push";

/** Options of {@linkcode Authorizer}. */
export interface AuthorizerOptions {
  readonly address: RegistryAddress;
  readonly sender: HttpSender;
  /** Asked for once the registry wants to know. */
  readonly credentials: () => FoundCredentials;
  /** Told of passwords and tokens. */
  readonly secrets?: Secrets | undefined;
}

/** A request that was answered with 401. */
export interface Refused {
  readonly access: Access;
  /** The Authorization header that it had. */
  readonly sent: string | undefined;
  readonly signal: AbortSignal;
}

const MAX_TOKEN_BYTES = 256 * 1024;
const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** Answers a registry's challenges, and remembers what it was let in with. */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #known = new Map<Access, string>();
  readonly #asked = new Map<Access, Promise<string | undefined>>();

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  /** The Authorization header that worked last. */
  header(access: Access): string | undefined {
    return this.#known.get(access);
  }

  /**
   * Gets what a 401 asks for. Requests that run into it side by side ask once.
   *
   * @returns whether there is anything new to try
   * @throws {RegistryError}
   */
  async answer(challenge: string, { access, sent, signal }: Refused): Promise<boolean> {
    if (this.#known.get(access) === sent) {
      let asked = this.#asked.get(access);
      if (asked === undefined) {
        asked = this.#headerFor(challenge, access, signal).finally(() => this.#asked.delete(access));
        this.#asked.set(access, asked);
      }
      const header = await asked;
      if (header !== undefined) this.#known.set(access, header);
    }
    return this.#known.get(access) !== sent;
  }

  /** What to add to the error of a refusal. */
  remark(): string | undefined {
    return this.#options.credentials().remark;
  }

  async #headerFor(challenge: string, access: Access, signal: AbortSignal): Promise<string | undefined> {
    const basic = this.#basic();
    if (/\bBearer\s/i.test(challenge)) return await this.#bearer(challenge, { access, basic, signal });
    return /\bBasic\b/i.test(challenge) ? basic : undefined;
  }

  #basic(): string | undefined {
    const { credentials } = this.#options.credentials();
    if (credentials === undefined) return undefined;
    const { user, password } = credentials;
    this.#options.secrets?.add(password);
    const bytes = new TextEncoder().encode(`${user}:${password}`);
    return `Basic ${btoa(String.fromCharCode(...bytes))}`;
  }

  async #bearer(
    challenge: string,
    { access, basic, signal }: {
      readonly access: Access;
      readonly basic: string | undefined;
      readonly signal: AbortSignal;
    },
  ): Promise<string> {
    const { address, sender, secrets } = this.#options;
    const bearer = challenge.slice(challenge.search(/\bBearer\s/i));
    const realm = URL.parse(parameter(bearer, "realm") ?? "");
    if (realm === null) throw new RegistryError("invalid", "it names no token server");
    sender.expectUsable(realm, address.origin);
    const service = parameter(bearer, "service");
    if (service !== undefined) realm.searchParams.set("service", service);
    // Not the scope of the challenge: it could ask for more than this needs.
    const actions = access === "push" ? "pull,push" : "pull";
    realm.searchParams.set("scope", `repository:${address.repository}:${actions}`);
    const body = await sender.send(
      { method: "GET", url: realm.href, authorization: basic },
      signal,
      async (answer) => {
        if (answer.status === 200) return await answer.bytes(MAX_TOKEN_BYTES);
        throw new RegistryError(
          answer.status === 401 || answer.status === 403 ? "refused" : "unreachable",
          `its token server answers ${answer.status}`,
          { retry: answer.status >= 500 },
        );
      },
    );
    const token = parseToken(body);
    secrets?.add(token);
    return `Bearer ${token}`;
  }
}

function parameter(challenge: string, name: string): string | undefined {
  return new RegExp(`[\\s,]${name}="([^"]*)"`, "i").exec(challenge)?.[1];
}

function parseToken(body: Uint8Array): string {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(body));
  } catch {
    json = undefined;
  }
  const parsed = Token.safeParse(json);
  const token = parsed.data?.token ?? parsed.data?.access_token;
  // What cannot stand in a header would fail later and less clearly.
  if (token === undefined || !/^[\x21-\x7e]+$/.test(token)) {
    throw new RegistryError("invalid", "its token server gives no token");
  }
  return token;
}
