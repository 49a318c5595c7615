/**
 * A registry in memory: as much of the OCI distribution specification as a client needs, and no more patience than a real
 * one has. Tests that want it to misbehave look at requests first.
 *
 * @module
 */
import { type Digest, digestOf } from "../../engine/digest.ts";

/** How requests have to be authorized. */
export type Door =
  | { readonly kind: "open" }
  | { readonly kind: "basic"; readonly user: string; readonly password: string }
  | {
    readonly kind: "token";
    /** Users and their passwords; whoever is not here may only pull. */
    readonly users: Readonly<Record<string, string>>;
  };

/** What answers before the registry does; `undefined` leaves it to the registry. */
export type Before = (
  request: Request,
  url: URL,
) => Response | undefined | Promise<Response | undefined>;

/** See the module's text. */
export class MemoryRegistry implements AsyncDisposable {
  readonly manifests = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Methods and paths of all requests. */
  readonly requests: string[] = [];
  /** Tokens that were given, with what they allow. */
  readonly tokens = new Map<string, string>();
  door: Door = { kind: "open" };
  before: Before = () => undefined;
  /** Largest body of a request. */
  largestBody = 0;
  readonly #uploads = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve(
      {
        port: 0,
        hostname: "127.0.0.1",
        onListen() {},
        onError: (error) => new Response(String(error), { status: 500 }),
      },
      (request) => this.#answer(request),
    );
  }

  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  /** Address of a repository. */
  get address(): string {
    return `${this.host}/acme/cache`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    this.requests.push(`${request.method} ${url.pathname}`);
    const early = await this.before(request, url);
    if (early !== undefined) return early;
    if (url.pathname === "/token") return this.#token(request, url);
    const refusal = this.#refusal(request);
    if (refusal !== undefined) return refusal;
    const [, kind = "", name = ""] =
      /^\/v2\/acme\/cache\/(manifests|blobs|blobs\/uploads)\/([^/]*)$/.exec(url.pathname) ?? [];
    switch (kind) {
      case "manifests":
        return await this.#manifest(request, name);
      case "blobs":
        return this.#blob(request, name.replace("sha256:", ""));
      case "blobs/uploads":
        return await this.#upload(request, name, url);
      default:
        return told(404, "NAME_UNKNOWN", "repository name not known to registry");
    }
  }

  async #manifest(request: Request, tag: string): Promise<Response> {
    if (request.method === "PUT") {
      const bytes = await bodyOf(request);
      const { config, layers } = JSON.parse(new TextDecoder().decode(bytes));
      for (const { digest, size } of [config, ...layers]) {
        if (this.blobs.get(digest.replace("sha256:", ""))?.length !== size) {
          return told(400, "MANIFEST_BLOB_UNKNOWN", digest);
        }
      }
      this.manifests.set(tag, bytes);
      return new Response(null, { status: 201 });
    }
    const bytes = this.manifests.get(tag);
    if (bytes === undefined) return told(404, "MANIFEST_UNKNOWN", "manifest unknown");
    return new Response(bytes, {
      headers: {
        "content-type": "application/vnd.oci.image.manifest.v1+json",
        "docker-content-digest": `sha256:${digestOf(bytes)}`,
      },
    });
  }

  #blob(request: Request, digest: string): Response {
    const bytes = this.blobs.get(digest);
    if (bytes === undefined) return told(404, "BLOB_UNKNOWN", "blob unknown to registry");
    const headers = { "content-length": String(bytes.length), "docker-content-digest": `sha256:${digest}` };
    return new Response(request.method === "HEAD" ? null : bytes, { headers });
  }

  async #upload(request: Request, session: string, url: URL): Promise<Response> {
    const body = await bodyOf(request);
    this.largestBody = Math.max(this.largestBody, body.length);
    if (request.method === "POST") {
      const id = crypto.randomUUID();
      this.#uploads.set(id, new Uint8Array());
      // Relative, as the specification allows.
      return new Response(null, {
        status: 202,
        headers: { location: `/v2/acme/cache/blobs/uploads/${id}?state=1` },
      });
    }
    const before = this.#uploads.get(session);
    if (before === undefined) return told(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
    const whole = new Uint8Array(before.length + body.length);
    whole.set(before);
    whole.set(body, before.length);
    if (request.method === "PATCH") {
      const range = `${before.length}-${whole.length - 1}`;
      if (request.headers.get("content-range") !== range) return told(416, "RANGE_INVALID", range);
      this.#uploads.set(session, whole);
      return new Response(null, {
        status: 202,
        headers: { location: request.url, range: `0-${whole.length - 1}` },
      });
    }
    const digest = (url.searchParams.get("digest") ?? "").replace("sha256:", "");
    if (digestOf(whole) !== digest) {
      return told(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
    }
    this.#uploads.delete(session);
    this.blobs.set(digest as Digest, whole);
    return new Response(null, { status: 201 });
  }

  #token(request: Request, url: URL): Response {
    if (this.door.kind !== "token") return told(404, "UNSUPPORTED", "");
    const [user = "", password = ""] = basicOf(request);
    const known = this.door.users[user];
    if (user !== "" && (known === undefined || known !== password)) {
      return told(401, "UNAUTHORIZED", "wrong password");
    }
    const actions = url.searchParams.get("scope")?.split(":").at(-1) ?? "";
    const token = crypto.randomUUID();
    this.tokens.set(token, user === "" ? "pull" : actions);
    return Response.json({ access_token: token, expires_in: 300 });
  }

  #refusal(request: Request): Response | undefined {
    const isWrite = !["GET", "HEAD"].includes(request.method);
    switch (this.door.kind) {
      case "open":
        return undefined;
      case "basic": {
        const [user, password] = basicOf(request);
        if (user === this.door.user && password === this.door.password) return undefined;
        return told(401, "UNAUTHORIZED", "authentication required", {
          "www-authenticate": 'Basic realm="cache"',
        });
      }
      case "token": {
        const token = /^Bearer (.*)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
        const allowed = this.tokens.get(token);
        if (allowed !== undefined && (!isWrite || allowed.includes("push"))) return undefined;
        const challenge =
          `Bearer realm="http://${this.host}/token",service="cache",scope="repository:acme/cache:*"`;
        return told(401, "UNAUTHORIZED", "authentication required", { "www-authenticate": challenge });
      }
    }
  }
}

function told(status: number, code: string, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ errors: [{ code, message }] }, { status, headers });
}

function basicOf(request: Request): string[] {
  const encoded = /^Basic (.*)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  return atob(encoded).split(":");
}

async function bodyOf(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await request.arrayBuffer());
}
