import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../digest.ts";
import { EngineError } from "../error.ts";
import type { Event } from "../event.ts";
import type { LockedSource } from "../lock/lock_file.ts";
import {
  eventsOf,
  FolderStore,
  impatientHost,
  pin,
  RawServer,
  serveBytes,
  someBytes,
  TestServer,
} from "./_testing.ts";
import { Fetcher, type FetcherOptions } from "./fetcher.ts";

const BYTES = someBytes(300_000);
const encoder = new TextEncoder();

let store: FolderStore;
let events: Event[];

function fetcher(options: Partial<FetcherOptions> = {}): Fetcher {
  return new Fetcher({
    host: impatientHost(),
    store,
    archives: {},
    emit: (event) => events.push(event),
    ...options,
  });
}

function https(url: string, extra: Partial<LockedSource> = {}): LockedSource {
  return { kind: "https", url, ...pin(BYTES), ...extra } as LockedSource;
}

async function failure(action: Promise<unknown>): Promise<EngineError> {
  try {
    await action;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error("It did not fail");
}

/** Every suite starts each test with an empty store. */
function suite(name: string, body: () => void): void {
  describe(name, () => {
    beforeEach(() => {
      store = new FolderStore();
      events = [];
    });
    afterEach(() => store[Symbol.dispose]());
    body();
  });
}

suite("Fetcher.fetch()", () => {
  it("brings a file into the store and tells start and end", async () => {
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    const fetched = await fetcher().fetch("data", https(`${server.url}/a/data%20file.bin`));
    expect(fetched).toEqual({ digest: digestOf(BYTES), sizeBytes: BYTES.length, fileName: "data file.bin" });
    expect(store.bytes(fetched.digest)).toEqual(BYTES);
    expect(store.leftovers()).toEqual([]);
    expect(eventsOf(events, "fetch-start")).toHaveLength(1);
    expect(eventsOf(events, "fetch-end")).toMatchObject([{ name: "data", sizeBytes: BYTES.length }]);
  });

  it("asks nobody for what the store has", async () => {
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    const source = https(`${server.url}/data`);
    await fetcher().fetch("data", source);
    await fetcher({ offline: true }).fetch("data", source);
    expect(server.requests).toHaveLength(1);
  });

  it("fetches anew what the store has with another size", async () => {
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    Deno.writeFileSync(store.path(digestOf(BYTES)), new Uint8Array());
    await fetcher().fetch("data", https(`${server.url}/data`));
    expect(store.bytes(digestOf(BYTES))).toEqual(BYTES);
  });

  it("fetches an empty file", async () => {
    await using server = new TestServer(() => new Response(""));
    const source = { kind: "https", url: `${server.url}/empty`, sha256: digestOf("") } as const;
    expect(await fetcher().fetch("empty", source)).toMatchObject({ sizeBytes: 0 });
  });

  it("downloads once for callers at the same time", async () => {
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    const source = https(`${server.url}/data`);
    const one = fetcher();
    await Promise.all([one.fetch("a", source), one.fetch("b", source), one.fetch("c", source)]);
    expect(server.requests).toHaveLength(1);
    // They wait for each other, not for a process that there is not.
    expect(eventsOf(events, "waiting")).toEqual([]);
  });

  it("leaves nothing in the folder of downloads", async () => {
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    await fetcher().fetch("data", https(`${server.url}/data`));
    expect([...Deno.readDirSync(store.downloads)]).toEqual([]);
  });

  it("lets two processes share one download", async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    await using server = new TestServer(async (request) => {
      await gate;
      return serveBytes(request, BYTES);
    });
    const source = https(`${server.url}/data`);
    // Two fetchers share nothing but the store, as two processes do.
    const first = fetcher().fetch("data", source);
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const second = fetcher({ emit: (event) => event.type === "waiting" && open() }).fetch("data", source);
    await Promise.all([first, second]);
    expect(server.requests).toHaveLength(1);
  });

  it("keeps to the limit of downloads at once", async () => {
    let now = 0;
    let most = 0;
    await using server = new TestServer(async (request) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
      return serveBytes(request, encoder.encode(new URL(request.url).pathname));
    });
    const limited = fetcher({ concurrency: 3 });
    await Promise.all(
      Array.from(
        { length: 12 },
        (_, index) =>
          limited.fetch(`f${index}`, {
            kind: "https",
            url: `${server.url}/${index}`,
            ...pin(encoder.encode(`/${index}`)),
          }),
      ),
    );
    expect(most).toBe(3);
  });

  it("asks for the bytes as they are, and keeps them as they come", async () => {
    const packed = new Uint8Array(
      await new Response(
        new Blob([BYTES]).stream().pipeThrough(new CompressionStream("gzip")),
      ).arrayBuffer(),
    );
    // Servers with wrong settings label .tar.gz files so.
    await using server = new TestServer(() =>
      new Response(packed, { headers: { "content-encoding": "gzip" } })
    );
    const fetched = await fetcher().fetch("x.tar.gz", {
      kind: "https",
      url: `${server.url}/x.tar.gz`,
      ...pin(packed),
    });
    expect(store.bytes(fetched.digest)).toEqual(packed);
    expect(server.requests[0]?.headers.get("accept-encoding")).toBe("identity");
  });

  it("follows redirects", async () => {
    await using server = new TestServer((request) =>
      new URL(request.url).pathname === "/old"
        ? new Response(null, { status: 302, headers: { location: "/new?signature=geheim" } })
        : serveBytes(request, BYTES)
    );
    await fetcher().fetch("data", https(`${server.url}/old`));
    expect(server.requests).toHaveLength(2);
  });

  it("tells progress at most ten times a second", async () => {
    let now = 0;
    const host = impatientHost();
    const chunk = someBytes(1000);
    await using server = new TestServer(() =>
      new Response(
        new ReadableStream({
          async start(controller) {
            for (let index = 0; index < 50; index++) {
              controller.enqueue(chunk);
              await new Promise((resolve) => setTimeout(resolve, 1));
            }
            controller.close();
          },
        }),
      )
    );
    const whole = new Uint8Array(50_000);
    for (let index = 0; index < 50; index++) whole.set(chunk, index * 1000);
    // Each look at the clock is 10 ms after the one before; a chunk costs two or three of them.
    await fetcher({ host: { ...host, clock: { ...host.clock, monotonic: () => (now += 10) } } })
      .fetch("data", { kind: "https", url: `${server.url}/data`, ...pin(whole) });
    const progress = eventsOf(events, "fetch-progress");
    expect(progress.length).toBeGreaterThan(0);
    expect(progress.length).toBeLessThanOrEqual(now / 100);
    expect(progress.every(({ sizeBytes }) => sizeBytes === 50_000)).toBe(true);
  });

  it("refuses a source without any checksum", async () => {
    const error = await failure(fetcher().fetch("data", { kind: "https", url: "http://127.0.0.1:9/data" }));
    expect(error.code).toBe("lock-malformed");
  });

  it("says so before it starts when the disk is too small", async () => {
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    const host = impatientHost();
    const error = await failure(
      fetcher({ host: { ...host, fs: { ...host.fs, freeBytes: () => 1000 } } }).fetch(
        "data",
        https(`${server.url}/data`),
      ),
    );
    expect(error.code).toBe("disk-full");
    expect(server.requests).toHaveLength(0);
  });

  it("removes the partial file when the disk fills up", async () => {
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    const host = impatientHost();
    const openWrite: typeof host.fs.openWrite = (path, options) => {
      const file = host.fs.openWrite(path, options);
      return {
        sync: () => file.sync(),
        [Symbol.dispose]: () => file[Symbol.dispose](),
        write: (chunk) => {
          file.write(chunk.subarray(0, 10));
          throw Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
        },
      };
    };
    const error = await failure(
      fetcher({ host: { ...host, fs: { ...host.fs, openWrite } } }).fetch(
        "data",
        https(`${server.url}/data`),
      ),
    );
    expect(error.code).toBe("disk-full");
    expect(store.leftovers()).toEqual([]);
  });
});

suite("Fetcher.fetch() verifies", () => {
  const wrong = someBytes(BYTES.length, 2);

  it("names both digests for wrong bytes and keeps nothing", async () => {
    await using server = new TestServer((request) => serveBytes(request, wrong));
    const error = await failure(fetcher().fetch("ndk-r21e", https(`${server.url}/ndk.zip`)));
    expect(error.code).toBe("digest-mismatch");
    expect(error.message).toBe(
      `Cannot fetch "ndk-r21e": sha256 is ${digestOf(wrong)}, the lock says ${digestOf(BYTES)}`,
    );
    expect(error.detail.join("\n")).toContain(`${server.url}/ndk.zip`);
    expect(server.requests).toHaveLength(1);
    expect(store.leftovers()).toEqual([]);
    expect(store.has(digestOf(wrong))).toBe(false);
  });

  it("takes the right bytes from the next place and warns of the wrong ones", async () => {
    await using bad = new TestServer((request) => serveBytes(request, wrong));
    await using good = new TestServer((request) => serveBytes(request, BYTES));
    await fetcher().fetch("data", https(`${bad.url}/data`, { mirrors: [`${good.url}/data`] }));
    expect(store.bytes(digestOf(BYTES))).toEqual(BYTES);
    expect(eventsOf(events, "warning")[0]?.message).toContain(bad.url);
  });

  it("calls wrong bytes wrong even when other places cannot be reached", async () => {
    await using bad = new TestServer((request) => serveBytes(request, wrong));
    const error = await failure(
      fetcher().fetch(
        "data",
        https(`${bad.url}/data`, { mirrors: ["http://127.0.0.1:9/x", `${bad.url}/again`] }),
      ),
    );
    expect(error.code).toBe("digest-mismatch");
    expect(error.detail).toHaveLength(3);
  });

  it("refuses a file of another announced size before the first byte", async () => {
    await using server = new TestServer(() => new Response(someBytes(400_000)));
    const error = await failure(fetcher().fetch("data", https(`${server.url}/data`)));
    expect(error.code).toBe("digest-mismatch");
    expect(error.message).toContain("size is 400000, the lock says 300000");
  });

  it("takes no more bytes than the lock says from a server that never ends", async () => {
    let sent = 0;
    await using server = new TestServer(() =>
      new Response(
        new ReadableStream({
          pull(controller) {
            sent += 65_536;
            controller.enqueue(new Uint8Array(65_536));
          },
        }),
      )
    );
    const error = await failure(fetcher().fetch("data", https(`${server.url}/data`)));
    expect(error.message).toContain("size is more than 300000, the lock says 300000");
    expect(sent).toBeLessThan(20_000_000);
    expect(store.leftovers()).toEqual([]);
  });

  it("bounds a file whose size nobody knows", async () => {
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    const error = await failure(
      fetcher({ maxSizeBytes: 1000 }).fetch("data", https(`${server.url}/data`, { sizeBytes: undefined })),
    );
    expect(error.code).toBe("source-unavailable");
    expect(error.message).toContain("the limit is 1000");
  });

  it("refuses a shorter file that the server takes for whole", async () => {
    await using server = new TestServer((request) => serveBytes(request, BYTES.subarray(0, 1000)));
    const error = await failure(fetcher().fetch("data", https(`${server.url}/data`)));
    expect(error.code).toBe("digest-mismatch");
    expect(store.leftovers()).toEqual([]);
  });

  it("checks every checksum that the lock has", async () => {
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    const sha512 = createHash("sha512").update(BYTES).digest("hex");
    const sha1 = createHash("sha1").update(BYTES).digest("hex");
    await fetcher().fetch(
      "all",
      https(`${server.url}/data`, { sha512, sha1, sha256Prefix: pin(BYTES).sha256.slice(0, 8) }),
    );
    for (
      const [extra, expected] of [
        [{ sha512: "0".repeat(128) }, `sha512 is ${sha512}, the lock says 000`],
        [{ sha1: "0".repeat(40) }, `sha1 is ${sha1}, the lock says 000`],
        [
          { sha256: undefined, sha256Prefix: "00000000" },
          `sha256 is ${pin(BYTES).sha256}, the lock says 00000000…`,
        ],
      ] as const
    ) {
      using fresh = new FolderStore();
      const error = await failure(
        fetcher({ store: fresh }).fetch("data", https(`${server.url}/data`, extra)),
      );
      expect(error.code).toBe("digest-mismatch");
      expect(error.message).toContain(expected);
    }
  });

  it("remembers the SHA-256 of what is pinned by another checksum", async () => {
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    const sha512 = createHash("sha512").update(BYTES).digest("hex");
    const source = https(`${server.url}/data`, { sha256: undefined, sizeBytes: undefined, sha512 });
    await fetcher().fetch("data", source);
    expect((await fetcher({ offline: true }).fetch("data", source)).digest).toBe(digestOf(BYTES));
  });

  it("holds a file pinned by a prefix to the SHA-256 it first had", async () => {
    let bytes = BYTES;
    await using server = new TestServer((request) => serveBytes(request, bytes));
    const source: LockedSource = { kind: "https", url: `${server.url}/w.pth`, sha256Prefix: "00000000" };
    // As if first fetched with that prefix: no two files with one prefix can be made here.
    store.setAlias("sha256-prefix:00000000:w.pth", digestOf(BYTES));
    bytes = wrong;
    const error = await failure(fetcher().fetch("weights", source));
    expect(error.message).toContain(`the lock says ${digestOf(BYTES)}`);
  });
});

suite("Fetcher.fetch() resumes", () => {
  const half = BYTES.length / 2;
  const partPath = () => join(store.downloads, `${digestOf(BYTES)}.part`);
  const leave = (bytes: Uint8Array) => {
    Deno.mkdirSync(store.downloads, { recursive: true });
    Deno.writeFileSync(partPath(), bytes);
  };

  it("goes on where an earlier process stopped", async () => {
    leave(BYTES.subarray(0, half));
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    await fetcher().fetch("data", https(`${server.url}/data`));
    expect(server.requests.map(({ headers }) => headers.get("range"))).toEqual([`bytes=${half}-`]);
    expect(store.bytes(digestOf(BYTES))).toEqual(BYTES);
  });

  it("asks nobody when an earlier process had all bytes", async () => {
    leave(BYTES);
    await fetcher().fetch("data", https("http://127.0.0.1:9/data"));
    expect(store.bytes(digestOf(BYTES))).toEqual(BYTES);
  });

  it("starts over where the server does not do ranges", async () => {
    leave(BYTES.subarray(0, half));
    await using server = new TestServer(() => new Response(BYTES));
    await fetcher().fetch("data", https(`${server.url}/data`));
    expect(server.requests).toHaveLength(1);
    expect(store.bytes(digestOf(BYTES))).toEqual(BYTES);
  });

  it("throws wrong earlier bytes away and fetches once more from the start", async () => {
    leave(someBytes(half, 7));
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    await fetcher().fetch("data", https(`${server.url}/data`));
    expect(server.requests.map(({ headers }) => headers.get("range"))).toEqual([`bytes=${half}-`, null]);
    expect(store.bytes(digestOf(BYTES))).toEqual(BYTES);
  });

  it("fetches anew where an earlier process left as many bytes, but wrong ones", async () => {
    leave(new Uint8Array(BYTES.length));
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    await fetcher().fetch("data", https(`${server.url}/data`));
    expect(store.bytes(digestOf(BYTES))).toEqual(BYTES);
  });

  it("throws away more bytes than the file has", async () => {
    leave(someBytes(BYTES.length + 1));
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    await fetcher().fetch("data", https(`${server.url}/data`));
    expect(server.requests.map(({ headers }) => headers.get("range"))).toEqual([null]);
  });

  it("starts over after 416 and after a range that is not the one asked for", async () => {
    for (
      const answer of [
        () => new Response(null, { status: 416 }),
        () => new Response("x", { status: 206, headers: { "content-range": `bytes 5-5/${BYTES.length}` } }),
        () => new Response("x", { status: 206, headers: { "content-range": `bytes ${half}-${half}/77` } }),
      ]
    ) {
      using fresh = new FolderStore();
      Deno.mkdirSync(fresh.downloads);
      Deno.writeFileSync(join(fresh.downloads, `${digestOf(BYTES)}.part`), BYTES.subarray(0, half));
      await using server = new TestServer((request, count) =>
        count === 1 ? answer() : serveBytes(request, BYTES)
      );
      await fetcher({ store: fresh }).fetch("data", https(`${server.url}/data`));
      expect(eventsOf(events, "fetch-retry").at(-1)?.reason).toMatch(
        /^the server (has no bytes behind|resumed at another)/,
      );
      expect(server.requests.map(({ headers }) => headers.get("range"))).toEqual([`bytes=${half}-`, null]);
      expect(fresh.bytes(digestOf(BYTES))).toEqual(BYTES);
    }
  });

  it("goes on after a lost connection, with the validator of the first answer", async () => {
    await using server = new RawServer(async (connection, _request, count) => {
      const head = count === 1
        ? `HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: ${BYTES.length}\r\n\r\n`
        : `HTTP/1.1 206 Partial Content\r\nContent-Range: bytes ${half}-${
          BYTES.length - 1
        }/${BYTES.length}\r\n` +
          `Content-Length: ${BYTES.length - half}\r\nConnection: close\r\n\r\n`;
      await writeAll(connection, encoder.encode(head));
      await writeAll(connection, count === 1 ? BYTES.subarray(0, half) : BYTES.subarray(half));
    });
    await fetcher().fetch("data", https(`${server.url}/data`));
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.toLowerCase()).toContain(`range: bytes=${half}-`);
    expect(server.requests[1]?.toLowerCase()).toContain('if-range: "v1"');
    expect(eventsOf(events, "fetch-retry")).toHaveLength(1);
    expect(store.bytes(digestOf(BYTES))).toEqual(BYTES);
  });

  it("keeps what came when it gives up, for the next time", async () => {
    await using server = new RawServer(async (connection) => {
      await writeAll(
        connection,
        encoder.encode(`HTTP/1.1 200 OK\r\nContent-Length: ${BYTES.length}\r\n\r\n`),
      );
      await writeAll(connection, BYTES.subarray(0, 1000));
    });
    const error = await failure(fetcher({ attempts: 1 }).fetch("data", https(`${server.url}/data`)));
    expect(error.code).toBe("source-unavailable");
    expect(Deno.readFileSync(partPath())).toEqual(BYTES.subarray(0, 1000));
  });
});

suite("Fetcher.fetch() on failures", () => {
  it("tries again after 500, 429 and 408, at growing intervals", async () => {
    const waits: number[] = [];
    for (const status of [500, 429, 408]) {
      using fresh = new FolderStore();
      await using server = new TestServer((request, count) =>
        count < 3 ? new Response(null, { status }) : serveBytes(request, BYTES)
      );
      await fetcher({ host: impatientHost(waits), store: fresh }).fetch("data", https(`${server.url}/data`));
    }
    expect(waits).toEqual([500, 1000, 500, 1000, 500, 1000]);
  });

  it("waits as long as the server asks", async () => {
    const waits: number[] = [];
    await using server = new TestServer((request, count) =>
      count === 1
        ? new Response(null, { status: 503, headers: { "retry-after": "7" } })
        : serveBytes(request, BYTES)
    );
    await fetcher({ host: impatientHost(waits) }).fetch("data", https(`${server.url}/data`));
    expect(waits).toEqual([7000]);
  });

  it("asks once for what is not there, and says that it is gone", async () => {
    await using server = new TestServer(() => new Response(null, { status: 404 }));
    const error = await failure(fetcher().fetch("data", https(`${server.url}/data`)));
    expect(error.code).toBe("source-gone");
    expect(error.message).toBe('Cannot fetch "data": no place has data any more');
    expect(error.subject).toBe("data");
    expect(server.requests).toHaveLength(1);
    expect(store.leftovers()).toEqual([]);
  });

  it("asks once where it is refused", async () => {
    await using server = new TestServer(() => new Response(null, { status: 403 }));
    const error = await failure(fetcher().fetch("data", https(`${server.url}/data`)));
    expect(error.code).toBe("source-unavailable");
    expect(error.message).toContain("403");
    expect(server.requests).toHaveLength(1);
  });

  it("names every place with its reason", async () => {
    await using server = new TestServer((request) =>
      new Response(null, { status: request.url.endsWith("a") ? 404 : 502 })
    );
    const error = await failure(
      fetcher().fetch("data", https(`${server.url}/a`, { mirrors: [`${server.url}/b`] })),
    );
    expect(error.code).toBe("source-unavailable");
    expect(error.detail).toEqual([
      `${server.url}/a: the server answers 404 Not Found`,
      `${server.url}/b: the server answers 502 Bad Gateway`,
    ]);
    expect(error.hint).toContain("--mirror");
  });

  it("gives the source's own hint where there is one", async () => {
    const error = await failure(
      fetcher({ hints: { weights: "Use --weights seeded" } }).fetch(
        "weights",
        https("http://127.0.0.1:9/w.pth"),
      ),
    );
    expect(error.hint).toBe("Use --weights seeded");
  });

  it("gives up on a connection that brings nothing, and tries again", async () => {
    await using server = new RawServer(async (connection, _request, count) => {
      await writeAll(
        connection,
        encoder.encode(`HTTP/1.1 200 OK\r\nContent-Length: ${BYTES.length}\r\nConnection: close\r\n\r\n`),
      );
      if (count > 1) return await writeAll(connection, BYTES);
      await writeAll(connection, BYTES.subarray(0, 10));
      await connection.read(new Uint8Array(1));
    });
    await fetcher({ stallTimeoutMs: 60 }).fetch("data", https(`${server.url}/data`));
    expect(eventsOf(events, "fetch-retry")[0]?.reason).toBe("no data came for 0.06 s");
    expect(store.bytes(digestOf(BYTES))).toEqual(BYTES);
  });

  it("waits for a connection that is slow but brings something", async () => {
    const chunk = BYTES.length / 10;
    await using server = new RawServer(async (connection) => {
      await writeAll(
        connection,
        encoder.encode(`HTTP/1.1 200 OK\r\nContent-Length: ${BYTES.length}\r\n\r\n`),
      );
      for (let offset = 0; offset < BYTES.length; offset += chunk) {
        await writeAll(connection, BYTES.subarray(offset, offset + chunk));
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    });
    await fetcher({ stallTimeoutMs: 200 }).fetch("data", https(`${server.url}/data`));
    expect(server.requests).toHaveLength(1);
  });

  it("tries an origin that does not answer only once from then on", async () => {
    await using server = new TestServer(() => new Response(null, { status: 500 }));
    const one = fetcher();
    await failure(one.fetch("a", https(`${server.url}/a`)));
    expect(server.requests).toHaveLength(3);
    await failure(one.fetch("b", https(`${server.url}/b`, { sha256: "1".repeat(64) })));
    expect(server.requests).toHaveLength(4);
  });

  it("stops at once when aborted, keeps what came, and gives the lock back", async () => {
    const abort = new AbortController();
    await using server = new RawServer(async (connection) => {
      await writeAll(
        connection,
        encoder.encode(`HTTP/1.1 200 OK\r\nContent-Length: ${BYTES.length}\r\n\r\n`),
      );
      await writeAll(connection, BYTES.subarray(0, 1000));
      await connection.read(new Uint8Array(1));
    });
    const fetching = failure(fetcher().fetch("data", https(`${server.url}/data`), abort.signal));
    while (store.leftovers().length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    abort.abort();
    expect((await fetching).code).toBe("interrupted");
    await using good = new TestServer((request) => serveBytes(request, BYTES));
    await fetcher().fetch("data", https(`${good.url}/data`));
    expect(good.requests[0]?.headers.get("range")).toBe("bytes=1000-");
  });

  it("does not start when aborted before", async () => {
    const error = await failure(fetcher().fetch("data", https("http://127.0.0.1:9/x"), AbortSignal.abort()));
    expect(error.code).toBe("interrupted");
  });

  it("names the file, its digest and its place when offline", async () => {
    const error = await failure(
      fetcher({ offline: true }).fetch("data", https("http://127.0.0.1:9/data.zip")),
    );
    expect(error.code).toBe("offline");
    expect(error.message).toContain(`data.zip (sha256 ${digestOf(BYTES)})`);
    expect(error.detail).toEqual(["wanted from http://127.0.0.1:9/data.zip"]);
  });
});

suite("Fetcher.fetch() with secrets in URLs", () => {
  it("sends user and password, and tells them to nobody", async () => {
    await using server = new TestServer((request, count) =>
      count < 3 ? new Response(null, { status: 500 }) : serveBytes(request, BYTES)
    );
    const url = server.url.replace("//", "//us%40er:geheim@");
    await fetcher().fetch("data", https(`${url}/data?token=geheim`));
    expect(server.requests[0]?.headers.get("authorization")).toBe(`Basic ${btoa("us@er:geheim")}`);
    expect(new URL(server.requests[0]?.url ?? "").searchParams.get("token")).toBe("geheim");
    expect(JSON.stringify(events)).not.toContain("geheim");
    expect(events.length).toBeGreaterThan(3);
  });

  it("keeps them out of errors, also those of the runtime", async () => {
    for (
      const url of [
        "http://user:geheim@127.0.0.1:9/data?token=geheim",
        "http://user:geheim@no-such-host.invalid/?t=geheim",
      ]
    ) {
      for (const offline of [false, true]) {
        const error = await failure(fetcher({ offline }).fetch("data", https(url)));
        expect(JSON.stringify([error.message, error.hint, error.detail, String(error.cause)])).not.toContain(
          "geheim",
        );
      }
    }
    expect(JSON.stringify(events)).not.toContain("geheim");
  });

  it("does not hand user and password to the host of a redirect", async () => {
    await using other = new TestServer((request) => serveBytes(request, BYTES));
    await using server = new TestServer(() =>
      new Response(null, {
        status: 302,
        headers: { location: `${other.url.replace("127.0.0.1", "localhost")}/x?sig=geheim` },
      })
    );
    await fetcher().fetch("data", https(`${server.url.replace("//", "//user:geheim@")}/data`));
    expect(other.requests[0]?.headers.get("authorization")).toBe(null);
  });
});

suite("Fetcher.fetch() with mirrors", () => {
  it("takes a file from a folder, by name or by SHA-256, also offline", async () => {
    for (const name of ["data.bin", digestOf(BYTES)]) {
      using fresh = new FolderStore();
      const folder = Deno.makeTempDirSync({ prefix: "vkforge mirror ü " });
      try {
        Deno.writeFileSync(join(folder, name), BYTES);
        await fetcher({ store: fresh, offline: true, mirrors: [folder] }).fetch(
          "data",
          https("http://127.0.0.1:9/data.bin"),
        );
        expect(fresh.bytes(digestOf(BYTES))).toEqual(BYTES);
        expect(Deno.readFileSync(join(folder, name))).toEqual(BYTES);
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    }
  });

  it("asks the mirror first and the publisher when the mirror lacks it", async () => {
    await using mirror = new TestServer(() => new Response(null, { status: 404 }));
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    await fetcher({ mirrors: [`${mirror.url}/base/`] }).fetch("data", https(`${server.url}/data.bin`));
    expect(mirror.requests.map(({ url }) => new URL(url).pathname)).toEqual([
      "/base/data.bin",
      `/base/${digestOf(BYTES)}`,
    ]);
    expect(server.requests).toHaveLength(1);
  });

  it("does not believe a mirror", async () => {
    const folder = Deno.makeTempDirSync({ prefix: "vkforge-mirror-" });
    try {
      Deno.writeFileSync(join(folder, "data.bin"), someBytes(10));
      const error = await failure(
        fetcher({ offline: true, mirrors: [folder] }).fetch("data", https("http://127.0.0.1:9/data.bin")),
      );
      expect(error.code).toBe("digest-mismatch");
      expect(store.leftovers()).toEqual([]);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
});

suite("Fetcher.fetch() for registries", () => {
  it("takes an npm package from the registry", async () => {
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    await fetcher({ npmRegistry: `${server.url}/npm` }).fetch("chromium", {
      kind: "npm",
      package: "@sparticuz/chromium",
      version: "153.0.0",
      ...pin(BYTES),
    });
    expect(new URL(server.requests[0]?.url ?? "").pathname).toBe(
      "/npm/@sparticuz/chromium/-/chromium-153.0.0.tgz",
    );
  });

  it("looks on the snapshot archive for a Debian version that left the archive", async () => {
    await using archive = new TestServer(() => new Response(null, { status: 404 }));
    await using snapshot = new TestServer((request) => serveBytes(request, BYTES));
    const archives = {
      bookworm: {
        url: archive.url,
        snapshot: `${snapshot.url}/archive/debian/20250520T000000Z/`,
        suite: "bookworm",
        components: ["main"],
        architecture: "amd64",
      },
    };
    await fetcher({ archives }).fetch("bubblewrap", {
      kind: "debian",
      archive: "bookworm",
      package: "bubblewrap",
      version: "0.8.0-2",
      path: "pool/main/b/bubblewrap/bubblewrap_0.8.0-2_amd64.deb",
      ...pin(BYTES),
    });
    expect(new URL(snapshot.requests[0]?.url ?? "").pathname).toBe(
      "/archive/debian/20250520T000000Z/pool/main/b/bubblewrap/bubblewrap_0.8.0-2_amd64.deb",
    );
  });

  it("calls a Debian version gone when the archive lacks it and the snapshot archive does not answer", async () => {
    await using archive = new TestServer(() => new Response(null, { status: 404 }));
    const archives = {
      bookworm: {
        url: archive.url,
        snapshot: "http://127.0.0.1:9/debian/",
        suite: "bookworm",
        components: ["main"],
        architecture: "amd64",
      },
    };
    const source: LockedSource = {
      kind: "debian",
      archive: "bookworm",
      package: "libstdc++6",
      version: "12.2.0-14",
      path: "pool/main/g/gcc-12/libstdc++6_12.2.0-14_amd64.deb",
      ...pin(BYTES),
    };
    expect((await failure(fetcher({ archives }).fetch("libstdc++6", source))).code).toBe("source-gone");
    expect(new URL(archive.requests[0]?.url ?? "").pathname).toContain("libstdc++6_12.2.0-14");
  });

  it("does not call it gone when the archive itself does not answer", async () => {
    const archives = {
      bookworm: {
        url: "http://127.0.0.1:9/",
        suite: "bookworm",
        components: ["main"],
        architecture: "amd64",
      },
    };
    const source: LockedSource = {
      kind: "debian",
      archive: "bookworm",
      package: "a",
      version: "1",
      path: "pool/main/a/a/a_1_amd64.deb",
      ...pin(BYTES),
    };
    expect((await failure(fetcher({ archives }).fetch("a", source))).code).toBe("source-unavailable");
  });
});

suite("Fetcher.learn()", () => {
  it("gives the digest and size of a file of which nothing is known", async () => {
    await using server = new TestServer((request) => serveBytes(request, BYTES));
    const learned = await fetcher().learn("data", { kind: "https", url: `${server.url}/data` });
    expect(learned).toEqual({ digest: digestOf(BYTES), sizeBytes: BYTES.length, fileName: "data" });
  });

  it("takes up nothing that an earlier download left", async () => {
    await using server = new TestServer((request, count) => serveBytes(request, someBytes(1000, count)));
    const source: LockedSource = { kind: "https", url: `${server.url}/data` };
    const first = await fetcher().learn("data", source);
    const second = await fetcher().learn("data", source);
    expect(first.digest).not.toBe(second.digest);
    expect(server.requests.every(({ headers }) => headers.get("range") === null)).toBe(true);
  });

  it("does not join bytes of two responses that nothing says belong together", async () => {
    const half = BYTES.length / 2;
    await using server = new RawServer(async (connection, request, count) => {
      expect(request.toLowerCase()).not.toContain("range:");
      const head = `HTTP/1.1 200 OK\r\nContent-Length: ${BYTES.length}\r\nConnection: close\r\n\r\n`;
      await writeAll(connection, encoder.encode(head));
      await writeAll(connection, count === 1 ? someBytes(half, 9) : BYTES);
    });
    const learned = await fetcher().learn("data", { kind: "https", url: `${server.url}/data` });
    expect(learned.digest).toBe(digestOf(BYTES));
    expect(server.requests).toHaveLength(2);
  });
});

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length;) offset += await connection.write(bytes.subarray(offset));
}
