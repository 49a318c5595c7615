/**
 * Steps that travel through a registry in memory; what a real one does is in docker_registry_test.ts.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { exitCodeOf } from "../../engine/error.ts";
import type { EngineError, Host, Manifest } from "../../engine/mod.ts";
import { RemoteCache } from "../../engine/registry/mod.ts";
import { Secrets } from "../../engine/secrets/mod.ts";
import { eventsOf, impatientHost } from "../../engine/source/_testing.ts";
import { verifyStore } from "../../engine/store/upkeep.ts";
import { MemoryRegistry } from "./_memory_registry.ts";
import { LIBRARY, Machine, PROGRAM } from "./_shared_steps.ts";

const never = new AbortController().signal;
let registry: MemoryRegistry;
let here: Machine;
let there: Machine;
let manifests: Manifest[];

function hostWith(env: Readonly<Record<string, string>>): Host {
  return { ...impatientHost(), env: { get: (name) => env[name] } };
}

async function failureOf(action: Promise<unknown>): Promise<EngineError> {
  return await action.then(() => {
    throw new Error("it did not fail");
  }, (error) => error as EngineError);
}

describe("push and pull", () => {
  beforeEach(() => {
    registry = new MemoryRegistry();
    here = new Machine();
    there = new Machine();
    manifests = here.build();
  });

  afterEach(async () => {
    await registry[Symbol.asyncDispose]();
    for (const machine of [here, there]) machine[Symbol.dispose]();
  });

  it("bring a step to another machine, whole: bytes, names, bits, links, log, duration", async () => {
    const pushed = await here.push(here.client(registry.address), manifests);
    expect(pushed.map(({ outcome }) => outcome)).toEqual(["pushed", "pushed"]);
    const pulled = await there.pull(there.client(registry.address));
    expect(pulled.map(({ name, outcome }) => [name, outcome])).toEqual([["program", "pulled"]]);
    expect(there.hit(PROGRAM)).toEqual(here.hit(PROGRAM));
    expect(there.contentOf(PROGRAM)).toEqual(here.contentOf(PROGRAM));
    expect(verifyStore(denoHost(), there.store.root).damages).toEqual([]);
    expect(there.store.latest("program")?.id).toBe(there.planned(PROGRAM).id);
    expect([...Deno.readDirSync(join(there.store.root, "tmp"))]).toEqual([]);
    expect(eventsOf(there.events, "fetch-end")[0]?.sizeBytes).toBe(pulled[0]?.receivedBytes);
  });

  it("send and fetch nothing twice", async () => {
    await here.push(here.client(registry.address), manifests);
    const writes = () => registry.requests.filter((line) => !/^(GET|HEAD)/.test(line)).length;
    const before = writes();
    const again = await here.push(here.client(registry.address), manifests);
    expect([writes() - before, again.map(({ outcome }) => outcome)]).toEqual([0, ["there", "there"]]);

    // The blobs are there: only manifests are sent.
    registry.manifests.clear();
    const count = registry.requests.length;
    await here.push(here.client(registry.address), manifests);
    const since = registry.requests.slice(count).filter((line) => !/^(GET|HEAD)/.test(line));
    expect(since.map((line) => line.split("/").slice(0, -1).join("/"))).toEqual([
      "PUT /v2/acme/cache/manifests",
      "PUT /v2/acme/cache/manifests",
    ]);

    await there.pull(there.client(registry.address));
    const asked = registry.requests.length;
    const second = await there.pull(there.client(registry.address));
    expect([registry.requests.length - asked, second[0]?.outcome]).toEqual([0, "here"]);
  });

  it("fetch only the layers that the store lacks", async () => {
    await here.push(here.client(registry.address), manifests);
    const [library] = there.build();
    const whole = await there.pull(there.client(registry.address));
    expect(whole[0]?.outcome).toBe("here");
    const big = here.hit(PROGRAM)?.tree.find(({ path }) => path === "out/big");
    if (big?.kind !== "file") throw new Error("no file");
    Deno.removeSync(there.store.path(big.digest));
    const part = await there.pull(there.client(registry.address));
    expect([part[0]?.outcome, part[0]?.receivedBytes]).toEqual(["pulled", big.sizeBytes]);
    expect(library?.name).toBe("library");
  });

  it("sends large blobs in chunks, and never holds more than one of them", async () => {
    const client = here.client(registry.address, { chunkBytes: 300_000 });
    await here.push(client, manifests);
    expect(registry.largestBody).toBeLessThanOrEqual(300_000);
    expect(registry.requests.filter((line) => line.startsWith("PATCH")).length).toBeGreaterThan(10);
    await there.pull(there.client(registry.address));
    expect(there.contentOf(PROGRAM)).toEqual(here.contentOf(PROGRAM));
  });

  it("pull what a missing target reads, and say what is missing", async () => {
    await here.push(here.client(registry.address), manifests.slice(0, 1));
    const pulled = await there.pull(there.client(registry.address));
    expect(pulled.map(({ name, outcome }) => [name, outcome])).toEqual([["program", "absent"], [
      "library",
      "pulled",
    ]]);
    expect([there.hit(LIBRARY)?.name, there.hit(PROGRAM)]).toEqual(["library", undefined]);
  });

  it("refuse to change what is there, unless told to", async () => {
    await here.push(here.client(registry.address), manifests);
    const other = there.build(2);
    const error = await failureOf(there.push(there.client(registry.address), other));
    expect([error.code, exitCodeOf(error), error.subject]).toEqual(["not-reproducible", 4, "program"]);
    expect(error.hint).toContain("deno task verify program");
    await there.push(there.client(registry.address), other, true);
    using third = new Machine();
    await third.pull(third.client(registry.address));
    expect(third.contentOf(PROGRAM)).toEqual(there.contentOf(PROGRAM));
  });

  it("do not spread what rotted in the store", async () => {
    const entry = manifests[1]?.tree.find(({ path }) => path === "out/a.txt");
    if (entry?.kind !== "file") throw new Error("no file");
    const path = here.store.path(entry.digest);
    Deno.chmodSync(path, 0o600);
    Deno.writeTextFileSync(path, "TEXT\n");
    const error = await failureOf(here.push(here.client(registry.address), manifests));
    expect(error.code).toBe("store-corrupt");
    expect(registry.manifests.has(manifests[1]?.id ?? "")).toBe(false);
  });

  it("try again what may pass: a busy registry, a connection that breaks", async () => {
    await here.push(here.client(registry.address), manifests);
    using patient = new Machine(impatientHost());
    const counts = new Map<string, number>();
    registry.before = (_request, url) => {
      const count = (counts.get(url.pathname) ?? 0) + 1;
      counts.set(url.pathname, count);
      if (count === 1) return new Response("busy", { status: 503, headers: { "retry-after": "7" } });
      if (count > 2 || !url.pathname.includes("/blobs/")) return undefined;
      const bytes = registry.blobs.get(url.pathname.slice(-64)) ?? new Uint8Array();
      return new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(bytes.slice(0, bytes.length / 2));
            controller.error(new Error("broken off"));
          },
        }),
      );
    };
    const [pulled] = await patient.pull(patient.client(registry.address));
    expect([pulled?.outcome, patient.contentOf(PROGRAM)]).toEqual(["pulled", here.contentOf(PROGRAM)]);
  });

  it("let one machine's processes pull the same step side by side", async () => {
    await here.push(here.client(registry.address), manifests);
    const outcomes = await Promise.all([1, 2, 3].map(() => there.pull(there.client(registry.address))));
    expect(outcomes.map(([one]) => one?.outcome).sort()).toEqual(["here", "here", "pulled"]);
  });

  it("log in with a password, and only when asked to", async () => {
    registry.door = { kind: "basic", user: "me", password: "passw0rd-of-me" };
    using me = new Machine(
      hostWith({ VKFORGE_REGISTRY_USER: "me", VKFORGE_REGISTRY_PASSWORD: "passw0rd-of-me" }),
    );
    await me.push(me.client(registry.address), me.build());
    using other = new Machine(hostWith({}));
    const error = await failureOf(other.pull(other.client(registry.address)));
    expect([error.code, exitCodeOf(error)]).toEqual(["source-unavailable", 3]);
    expect(error.message).toContain(`Cannot pull "program" from ${registry.address}: it answers 401`);
    expect(error.hint).toContain(`docker login ${registry.host}`);
    const refused = await failureOf(other.push(other.client(registry.address), other.build()));
    expect([refused.code, exitCodeOf(refused)]).toEqual(["permission", 1]);
  });

  it("log in at a token server, with no more rights than needed", async () => {
    registry.door = { kind: "token", users: { me: "passw0rd-of-me" } };
    const config = join(here.folder, "config.json");
    const auth = btoa("me:passw0rd-of-me");
    Deno.writeTextFileSync(config, JSON.stringify({ auths: { [registry.host]: { auth } } }));
    using me = new Machine(hostWith({ DOCKER_CONFIG: here.folder }));
    await me.push(me.client(registry.address), me.build());
    using anybody = new Machine(hostWith({}));
    expect((await anybody.pull(anybody.client(registry.address)))[0]?.outcome).toBe("pulled");
    expect([...new Set(registry.tokens.values())].sort()).toEqual(["pull", "pull,push"]);
    const error = await failureOf(anybody.push(anybody.client(registry.address), anybody.build(), true));
    expect(error.code).toBe("permission");
  });

  it("send credentials nowhere else", async () => {
    const elsewhere: boolean[] = [];
    await using other = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      elsewhere.push(request.headers.has("authorization"));
      const bytes = registry.blobs.get(request.url.slice(-64));
      return bytes === undefined ? new Response(null, { status: 404 }) : new Response(bytes);
    });
    registry.door = { kind: "basic", user: "me", password: "passw0rd-of-me" };
    using me = new Machine(
      hostWith({ VKFORGE_REGISTRY_USER: "me", VKFORGE_REGISTRY_PASSWORD: "passw0rd-of-me" }),
    );
    await me.push(me.client(registry.address), me.build());
    using reader = new Machine(
      hostWith({ VKFORGE_REGISTRY_USER: "me", VKFORGE_REGISTRY_PASSWORD: "passw0rd-of-me" }),
    );
    registry.before = (request, url) =>
      request.method === "GET" && url.pathname.includes("/blobs/") && request.headers.has("authorization")
        ? Response.redirect(`http://127.0.0.1:${other.addr.port}${url.pathname}`, 307)
        : undefined;
    expect((await reader.pull(reader.client(registry.address)))[0]?.outcome).toBe("pulled");
    expect(elsewhere.length).toBeGreaterThan(0);
    expect(elsewhere).not.toContain(true);
  });

  it("tell where nobody answers", async () => {
    using lonely = new Machine(impatientHost());
    const error = await failureOf(lonely.pull(lonely.client("127.0.0.1:1/acme/cache")));
    expect([error.code, exitCodeOf(error)]).toEqual(["source-unavailable", 3]);
    expect(error.hint).toContain("Check the address and the network");
    const refused = await failureOf(lonely.push(lonely.client("127.0.0.1:1/acme/cache"), lonely.build()));
    expect([refused.code, exitCodeOf(refused)]).toEqual(["io", 1]);
  });

  it("register what they log in with as secrets", async () => {
    registry.door = { kind: "token", users: {} };
    const secrets = new Secrets();
    const client = there.client(registry.address, { secrets });
    await there.pull(client);
    const [token = ""] = registry.tokens.keys();
    expect(secrets.mask(`with ${token}`)).toBe("with ***");
  });

  it("stop at once when called off, and leave nothing half done", async () => {
    await here.push(here.client(registry.address), manifests);
    const stop = new AbortController();
    registry.before = (_request, url) => {
      if (url.pathname.includes("/blobs/")) queueMicrotask(() => stop.abort(new Error("called off")));
      return undefined;
    };
    const { pullSteps } = await import("../../engine/registry/mod.ts");
    const client = there.client(registry.address);
    const pulling = pullSteps([PROGRAM], there.plan(), {
      client,
      host: denoHost(),
      store: there.store,
      signal: stop.signal,
      emit: () => {},
    });
    await expect(pulling).rejects.toThrow("called off");
    expect(there.hit(PROGRAM)).toBe(undefined);
    expect([...Deno.readDirSync(join(there.store.root, "tmp"))]).toEqual([]);
  });
});

describe("RemoteCache", () => {
  beforeEach(() => {
    registry = new MemoryRegistry();
    here = new Machine();
    there = new Machine(impatientHost());
    manifests = here.build();
  });

  afterEach(async () => {
    await registry[Symbol.asyncDispose]();
    for (const machine of [here, there]) machine[Symbol.dispose]();
  });

  const cacheOf = (machine: Machine, push: boolean, address = registry.address) =>
    new RemoteCache({
      client: machine.client(address),
      host: impatientHost(),
      emit: (event) => machine.events.push(event),
      push,
    });
  const wanted = (machine: Machine) => ({
    targets: [PROGRAM],
    planned: machine.plan(),
    store: machine.store,
    signal: never,
  });

  it("gives builds what others pushed, and pushes only if told to", async () => {
    const reading = cacheOf(here, false);
    await reading.pull(wanted(here));
    await reading.keep(manifests[1]!, never);
    expect(registry.requests).toEqual([]);

    // As a build does it: asks, builds, keeps.
    using builder = new Machine();
    const writing = cacheOf(builder, true);
    expect(await writing.pull(wanted(builder))).toBe(false);
    for (const manifest of builder.build()) await writing.keep(manifest, never);
    expect(registry.manifests.size).toBe(2);
    expect(await cacheOf(there, false).pull(wanted(there))).toBe(true);
    expect(there.plan().map(({ step, needed }) => [step.name, needed])).toEqual([["library", false], [
      "program",
      false,
    ]]);
    expect(there.events.filter(({ type }) => type === "warning")).toEqual([]);
  });

  it("warns once about a registry that does not answer or let it in, and asks no more", async () => {
    const cache = cacheOf(there, true, "127.0.0.1:1/acme/cache");
    expect(await cache.pull(wanted(there))).toBe(false);
    const [warning, ...more] = eventsOf(there.events, "warning");
    expect(warning?.message).toContain("going on without the remote cache");
    for (const manifest of there.build()) await cache.keep(manifest, never);
    expect([more, eventsOf(there.events, "warning").length]).toEqual([[], 1]);
  });

  it("builds what comes with wrong bytes, and says so", async () => {
    await here.push(here.client(registry.address), manifests);
    for (const [digest, bytes] of registry.blobs) {
      if (bytes.length > 2_000_000) {
        registry.blobs.set(
          digest,
          bytes.map((byte) => byte ^ 1),
        );
      }
    }
    const cache = cacheOf(there, false);
    expect(await cache.pull(wanted(there))).toBe(true);
    expect([there.hit(PROGRAM), there.hit(LIBRARY)?.name]).toEqual([undefined, "library"]);
    const [warning] = eventsOf(there.events, "warning");
    expect(warning?.message).toMatch(
      /Cannot pull "program" from .*: sha256 of a file is [0-9a-f]{64}, it should be /,
    );
    expect(warning?.hint).toContain("Nothing of it was kept");
  });
});
