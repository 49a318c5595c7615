/**
 * A client of the OCI distribution specification 1.1, as much of it as a cache of steps needs. Nothing it gives has been
 * believed: manifests are compared with their digest where the registry tells one, blobs are for the caller to hash.
 *
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md
 *
 * @module
 */
import { type Digest, digestOf } from "../digest.ts";
import type { Host } from "../host.ts";
import type { Secrets } from "../secrets/mod.ts";
import { type Access, Authorizer } from "./_auth.ts";
import { type Answer, type HttpRequest, HttpSender } from "./_http.ts";
import { RegistryError } from "./_registry_error.ts";
import type { FoundCredentials } from "./credentials.ts";
import type { RegistryAddress } from "./reference.ts";

/** Options of {@linkcode RegistryClient}. */
export interface ClientOptions {
  readonly host: Host;
  readonly address: RegistryAddress;
  readonly credentials: () => FoundCredentials;
  readonly secrets?: Secrets | undefined;
  /** Gives up on a connection that brings next to nothing for this long. Default: 30 s. */
  readonly stallTimeoutMs?: number | undefined;
  /** Tries where a failure may pass. Default: 3. */
  readonly attempts?: number | undefined;
  /** Bytes sent with one request. Default: 8 MiB. */
  readonly chunkBytes?: number | undefined;
}

/** A blob to send. */
export interface Upload {
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Its bytes from the beginning; asked for again if a try fails. Memory of a block may be used again for the next. */
  readonly blocks: () => Iterable<Uint8Array>;
}

/** Media type of an OCI manifest. */
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/** What registries take for a manifest (the specification asks for this much). */
export const MAX_OCI_MANIFEST_BYTES = 4 * 2 ** 20;

const MAX_ERROR_BYTES = 16 * 1024;
const CHUNK_BYTES = 8 * 2 ** 20;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;

/** See the module's text. Methods throw {@linkcode RegistryError}, or the signal's reason when aborted. */
export class RegistryClient {
  readonly address: RegistryAddress;
  readonly #options: ClientOptions;
  readonly #sender: HttpSender;
  readonly #authorizer: Authorizer;

  constructor(options: ClientOptions) {
    const { host, address, stallTimeoutMs = 30_000, credentials, secrets } = options;
    this.address = address;
    this.#options = options;
    this.#sender = new HttpSender({ host, origin: address.origin, stallTimeoutMs });
    this.#authorizer = new Authorizer({ address, sender: this.#sender, credentials, secrets });
  }

  /** What to add to the error of a refusal. */
  remark(): string | undefined {
    return this.#authorizer.remark();
  }

  /** The bytes of the manifest under a tag; `undefined` where there is none. */
  async manifest(tag: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const url = this.#url(`manifests/${tag}`);
    const request: HttpRequest = { method: "GET", url, headers: { accept: OCI_MANIFEST } };
    return await this.#ask(request, { access: "pull", signal }, async (answer) => {
      if (answer.status === 404) return undefined;
      await expectStatus(answer, 200);
      const bytes = await answer.bytes(MAX_OCI_MANIFEST_BYTES);
      expectDigest(answer, digestOf(bytes));
      return bytes;
    });
  }

  /** Whether the registry has a blob, of this size. */
  async hasBlob(digest: Digest, sizeBytes: number, signal: AbortSignal): Promise<boolean> {
    const request: HttpRequest = { method: "HEAD", url: this.#url(`blobs/sha256:${digest}`) };
    return await this.#ask(request, { access: "push", signal }, async (answer) => {
      if (answer.status === 404) return false;
      await expectStatus(answer, 200);
      return Number(answer.headers.get("content-length") ?? sizeBytes) === sizeBytes;
    });
  }

  /**
   * Reads a blob.
   *
   * @param open asked for each try; takes the bytes, which are not verified
   */
  async readBlob(
    digest: Digest,
    sizeBytes: number,
    { signal, open }: {
      readonly signal: AbortSignal;
      readonly open: () => (chunk: Uint8Array) => void;
    },
  ): Promise<void> {
    const request: HttpRequest = { method: "GET", url: this.#url(`blobs/sha256:${digest}`) };
    await this.#ask(request, { access: "pull", signal }, async (answer) => {
      await expectStatus(answer, 200);
      expectDigest(answer, digest);
      const { announcedBytes = sizeBytes } = answer;
      if (announcedBytes !== sizeBytes) {
        throw new RegistryError("invalid", `it has ${announcedBytes} bytes for a blob of ${sizeBytes}`);
      }
      const received = await answer.pipe(sizeBytes, open());
      if (received < sizeBytes) {
        throw new RegistryError(
          "unreachable",
          `the connection ended after ${received} of ${sizeBytes} bytes`,
          {
            retry: true,
          },
        );
      }
    });
  }

  /** Sends a blob, in one piece where it is small. */
  async upload(upload: Upload, signal: AbortSignal): Promise<void> {
    await this.#retrying(signal, async () => {
      const request: HttpRequest = { method: "POST", url: this.#url("blobs/uploads/") };
      const session = await this.#pushOnce(request, signal, async (answer) => {
        await expectStatus(answer, 202);
        return {
          url: this.#location(answer),
          // A registry may want its chunks larger than this.
          leastBytes: Number(answer.headers.get("oci-chunk-min-length") ?? 0) || 0,
        };
      });
      const chunkBytes = Math.max(this.#options.chunkBytes ?? CHUNK_BYTES, session.leastBytes);
      let { url } = session;
      let sent = 0;
      for (const chunk of chunksOf(upload.blocks(), chunkBytes)) {
        if (sent === 0 && chunk.length === upload.sizeBytes) {
          return await this.#finish(url, upload, { body: chunk, signal });
        }
        url = await this.#patch(url, chunk, { offset: sent, signal });
        sent += chunk.length;
      }
      await this.#finish(url, upload, { body: new Uint8Array(), signal });
    });
  }

  async #patch(
    url: string,
    body: Uint8Array<ArrayBuffer>,
    { offset, signal }: { readonly offset: number; readonly signal: AbortSignal },
  ): Promise<string> {
    const headers = {
      "content-type": "application/octet-stream",
      "content-range": `${offset}-${offset + body.length - 1}`,
    };
    return await this.#pushOnce({ method: "PATCH", url, headers, body }, signal, async (answer) => {
      // Of old 204 was given too.
      if (answer.status !== 204) await expectStatus(answer, 202);
      return this.#location(answer);
    });
  }

  async #finish(
    url: string,
    { digest }: Upload,
    { body, signal }: { readonly body: Uint8Array<ArrayBuffer>; readonly signal: AbortSignal },
  ): Promise<void> {
    const target = new URL(url);
    target.searchParams.set("digest", `sha256:${digest}`);
    const headers = { "content-type": "application/octet-stream" };
    await this.#pushOnce(
      { method: "PUT", url: target.href, headers, body },
      signal,
      (answer) => expectStatus(answer, 201),
    );
  }

  /** Puts a manifest under a tag; what it names must be there. */
  async putManifest(tag: string, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void> {
    const request: HttpRequest = {
      method: "PUT",
      url: this.#url(`manifests/${tag}`),
      headers: { "content-type": OCI_MANIFEST },
      body: bytes,
    };
    await this.#ask(request, { access: "push", signal }, (answer) => expectStatus(answer, 201));
  }

  #url(path: string): string {
    return `${this.address.origin}/v2/${this.address.repository}/${path}`;
  }

  /** Where an upload goes on. */
  #location(answer: Answer): string {
    const target = URL.parse(answer.headers.get("location") ?? "", answer.url);
    if (target === null || !answer.headers.has("location")) {
      throw new RegistryError("invalid", "it does not say where an upload goes");
    }
    this.#sender.expectUsable(target, answer.url);
    return target.href;
  }

  /** A request that can be repeated by itself. */
  async #ask<T>(
    request: HttpRequest,
    { access, signal }: { readonly access: Access; readonly signal: AbortSignal },
    read: (answer: Answer) => Promise<T>,
  ): Promise<T> {
    return await this.#retrying(signal, () => this.#once(request, { access, signal }, read));
  }

  /** A request of an upload, which as a whole can be repeated. */
  async #pushOnce<T>(
    request: HttpRequest,
    signal: AbortSignal,
    read: (answer: Answer) => Promise<T>,
  ): Promise<T> {
    return await this.#once(request, { access: "push", signal }, read);
  }

  async #once<T>(
    request: HttpRequest,
    { access, signal }: { readonly access: Access; readonly signal: AbortSignal },
    read: (answer: Answer) => Promise<T>,
  ): Promise<T> {
    for (let mayLogIn = true;; mayLogIn = false) {
      const isOwn = new URL(request.url).origin === this.address.origin;
      const authorization = isOwn ? this.#authorizer.header(access) : undefined;
      const result = await this.#sender.send({ ...request, authorization }, signal, async (answer) => {
        const challenge = answer.headers.get("www-authenticate");
        if (answer.status === 401 && challenge !== null && mayLogIn) return { challenge };
        return { value: await read(answer) };
      });
      if ("value" in result) return result.value as T;
      const refused = { access, sent: authorization, signal };
      if (!isOwn || !await this.#authorizer.answer(result.challenge, refused)) {
        throw new RegistryError("refused", "it answers 401: it wants to know who is asking");
      }
    }
  }

  async #retrying<T>(signal: AbortSignal, action: () => Promise<T>): Promise<T> {
    const { host, attempts = 3 } = this.#options;
    for (let attempt = 1;; attempt++) {
      try {
        return await action();
      } catch (error) {
        if (!(error instanceof RegistryError) || !error.retry || attempt >= attempts) throw error;
        const waitMs = error.retryAfterMs ?? FIRST_BACKOFF_MS * 2 ** (attempt - 1);
        await host.clock.sleep(Math.min(waitMs, MAX_BACKOFF_MS), signal);
      }
    }
  }
}

async function expectStatus(answer: Answer, status: number): Promise<void> {
  if (answer.status === status) return;
  const reason = `it answers ${answer.status}${await toldReason(answer)}`;
  if (answer.status === 401 || answer.status === 403) throw new RegistryError("refused", reason);
  const retry = answer.status === 408 || answer.status === 429 || answer.status >= 500;
  if (!retry) throw new RegistryError("invalid", reason);
  const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
  throw new RegistryError("unreachable", reason, { retry, retryAfterMs });
}

/** The first message of an error's body, as the specification has it. */
async function toldReason(answer: Answer): Promise<string> {
  try {
    const { errors } = JSON.parse(new TextDecoder().decode(await answer.bytes(MAX_ERROR_BYTES)));
    const { code, message } = errors[0];
    const told = typeof message === "string" && message !== "" ? message : code;
    return typeof told === "string" ? `: ${told.slice(0, 200)}` : "";
  } catch {
    return "";
  }
}

/** Where a registry tells a digest, it must be the right one. */
function expectDigest(answer: Answer, digest: Digest): void {
  const told = answer.headers.get("docker-content-digest");
  if (told === null || !told.startsWith("sha256:") || told === `sha256:${digest}`) return;
  throw new RegistryError(
    "invalid",
    `it says that the digest of ${digest.slice(0, 12)}… is ${told.slice(0, 80)}`,
  );
}

/** Blocks gathered into chunks of a size; the last may be smaller. Nothing where there are no bytes. */
function* chunksOf(blocks: Iterable<Uint8Array>, chunkBytes: number): Iterable<Uint8Array<ArrayBuffer>> {
  let chunk = new Uint8Array(0);
  let filled = 0;
  for (const block of blocks) {
    for (let offset = 0; offset < block.length;) {
      if (filled === chunkBytes) {
        yield chunk;
        filled = 0;
      }
      const part = block.subarray(offset, offset + chunkBytes - filled);
      if (filled + part.length > chunk.length) {
        const larger = new Uint8Array(Math.min(chunkBytes, Math.max(2 * chunk.length, filled + part.length)));
        larger.set(chunk.subarray(0, filled));
        chunk = larger;
      }
      chunk.set(part, filled);
      filled += part.length;
      offset += part.length;
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}
