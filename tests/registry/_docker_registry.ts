/**
 * Debian's docker-registry (the reference implementation of the specification) as a child process on loopback.
 *
 * @module
 */
import { join } from "node:path";
import { makeCertificate } from "../e2e/_certificate.ts";

/** Why the real registry cannot be used here; `undefined` if it can. */
export const NO_REGISTRY: string | undefined = (() => {
  try {
    new Deno.Command("docker-registry", { args: ["--version"], stdout: "null", stderr: "null" }).outputSync();
    return undefined;
  } catch {
    return "docker-registry is not installed (Debian: apt-get install docker-registry)";
  }
})();

/** A user of {@linkcode DockerRegistry}, where it asks for one. */
export const USER = { name: "pusher", password: "push-passw0rd" } as const;

/** {@linkcode USER} as `htpasswd -B` writes it. */
const HTPASSWD = "pusher:$2y$05$abcdefghijklmnopqrstuutL1WpfKM5TjKYeDia3HW.xrpJm/G5DO\n";

/** How it lets people in. */
export type Auth = "none" | "htpasswd" | "token";

/** See the module's text. */
export class DockerRegistry implements AsyncDisposable {
  readonly folder: string;
  readonly host: string;
  readonly #child: Deno.ChildProcess;
  readonly #tokens: Deno.HttpServer | undefined;
  readonly #drained: Promise<void>;

  private constructor(
    folder: string,
    { child, tokens, host, drained }: {
      readonly child: Deno.ChildProcess;
      readonly tokens: Deno.HttpServer | undefined;
      readonly host: string;
      readonly drained: Promise<void>;
    },
  ) {
    this.folder = folder;
    this.#child = child;
    this.#tokens = tokens;
    this.host = host;
    this.#drained = drained;
  }

  static async start(auth: Auth = "none"): Promise<DockerRegistry> {
    const folder = Deno.makeTempDirSync({ prefix: "vkforge-docker-registry-" });
    let tokens: Deno.HttpServer<Deno.NetAddr> | undefined;
    const config: Record<string, unknown> = {
      version: "0.1",
      log: { level: "info" },
      storage: { filesystem: { rootdirectory: join(folder, "data") } },
      http: { addr: "127.0.0.1:0", secret: "of no importance" },
    };
    if (auth === "htpasswd") {
      Deno.writeTextFileSync(join(folder, "htpasswd"), HTPASSWD);
      config["auth"] = { htpasswd: { realm: "cache", path: join(folder, "htpasswd") } };
    } else if (auth === "token") {
      const { cert, key, authority } = makeCertificate(folder);
      tokens = await tokenServer({ cert, key });
      const realm = `http://127.0.0.1:${tokens.addr.port}/token`;
      config["auth"] = { token: { realm, service: "cache", issuer: "tests", rootcertbundle: authority } };
    }
    Deno.writeTextFileSync(join(folder, "config.yml"), JSON.stringify(config));
    const child = new Deno.Command("docker-registry", {
      args: ["serve", join(folder, "config.yml")],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const listening = Promise.withResolvers<string>();
    let log = "";
    const drained = (async () => {
      for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
        log += text;
        const [, host] = /listening on (127\.0\.0\.1:\d+)/.exec(log) ?? [];
        if (host !== undefined) listening.resolve(host);
      }
      listening.reject(new Error(`docker-registry ended: ${log}`));
    })();
    return new DockerRegistry(folder, { child, tokens, host: await listening.promise, drained });
  }

  /** Address of a repository. */
  get address(): string {
    return `${this.host}/acme/cache`;
  }

  /** Where the bytes of a blob are. */
  blobPath(digest: string): string {
    return join(this.folder, "data/docker/registry/v2/blobs/sha256", digest.slice(0, 2), digest, "data");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#drained.catch(() => {});
    await this.#tokens?.shutdown();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** A token server as the registry's documentation has it: everybody may pull, {@linkcode USER} may push. */
async function tokenServer(
  { cert, key }: { readonly cert: string; readonly key: string },
): Promise<Deno.HttpServer<Deno.NetAddr>> {
  const der = (pem: string) => pem.replace(/-----.*?-----|\s/g, "");
  const bytes = Uint8Array.from(atob(der(key)), (character) => character.charCodeAt(0));
  const signer = await crypto.subtle.importKey(
    "pkcs8",
    bytes,
    { name: "ECDSA", namedCurve: "P-256" },
    false,
    ["sign"],
  );
  const encode = (data: Uint8Array | string) => {
    const text = typeof data === "string" ? data : String.fromCharCode(...data);
    return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const [, basic = ""] = /^Basic (.*)$/.exec(request.headers.get("authorization") ?? "") ?? [];
    const isUser = atob(basic) === `${USER.name}:${USER.password}`;
    if (basic !== "" && !isUser) return new Response(null, { status: 401 });
    const [type, name, asked = ""] = new URL(request.url).searchParams.get("scope")?.split(":") ?? [];
    const actions = asked.split(",").filter((action) => action === "pull" || isUser);
    const now = Math.floor(Date.now() / 1000);
    const parts = [
      { typ: "JWT", alg: "ES256", x5c: [der(cert)] },
      {
        ...{ iss: "tests", sub: isUser ? USER.name : "", aud: "cache", jti: crypto.randomUUID() },
        ...{ iat: now, nbf: now - 10, exp: now + 300, access: [{ type, name, actions }] },
      },
    ].map((part) => encode(JSON.stringify(part)));
    const signature = await crypto.subtle.sign(
      { name: "ECDSA", hash: "SHA-256" },
      signer,
      new TextEncoder().encode(parts.join(".")),
    );
    return Response.json({ token: [...parts, encode(new Uint8Array(signature))].join(".") });
  });
}
