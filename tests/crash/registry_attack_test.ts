/**
 * A registry that lies: whatever it answers, nothing of it is accepted, the store stays whole, and it is over in bounded
 * time and memory. What makes an artifact right is in push_pull_test.ts; here everything is wrong in one way.
 */
import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { EngineError, exitCodeOf, type Host } from "../../engine/mod.ts";
import { RawServer } from "../../engine/source/_testing.ts";
import { verifyStore } from "../../engine/store/upkeep.ts";
import { MemoryRegistry } from "../registry/_memory_registry.ts";
import { LIBRARY, Machine, PROGRAM } from "../registry/_shared_steps.ts";
import { crashRuns, crashSeed } from "./_random.ts";
import { type Answers, type Attack, attacks, type Genuine } from "./_registry_attacks.ts";

/** How long a connection may bring nothing. */
const STALL_MS = 250;
/** Three tries, each of which may wait as long, on a machine that is busy with something else. */
const MAX_CASE_MS = 10_000;
/** Of this process, in which the registry runs too and makes up manifests of 10 MB. */
const MAX_GROWTH_BYTES = 400e6;

/** The same for a registry that is right, on a machine that may be busy with something else. */
const PATIENT_MS = 60_000;

/** The real machine, without waits between tries. */
const hasty: Host = (() => {
  const host = denoHost();
  const sleep: Host["clock"]["sleep"] = (ms, signal) =>
    host.clock.sleep(ms <= STALL_MS || ms >= PATIENT_MS ? ms : 1, signal);
  return { ...host, env: { get: () => undefined }, clock: { ...host.clock, sleep } };
})();

describe("a registry that lies", () => {
  const seed = crashSeed();
  const all = attacks(seed, crashRuns(10));

  it(`is never believed (${all.length} ways)`, async () => {
    const genuine = await makeGenuine();
    const counts = { cases: all.length, refused: 0, absent: 0, accepted: 0, torn: 0, slow: 0 };
    const problems: string[] = [];
    let slowestMs = 0;
    let peakBytes = 0;
    const startBytes = Deno.memoryUsage().rss;
    const watch = setInterval(() => peakBytes = Math.max(peakBytes, Deno.memoryUsage().rss), 20);
    try {
      for (const attack of all) {
        const started = performance.now();
        const { outcome, torn } = await suffer(attack, genuine);
        const tookMs = performance.now() - started;
        slowestMs = Math.max(slowestMs, tookMs);
        counts[outcome]++;
        if (outcome === "accepted") problems.push(`accepted: ${attack.name}`);
        if (torn !== undefined) problems.push(`torn: ${attack.name}: ${torn}`);
        if (torn !== undefined) counts.torn++;
        if (tookMs > MAX_CASE_MS) problems.push(`slow: ${attack.name}: ${Math.round(tookMs)} ms`);
        if (tookMs > MAX_CASE_MS) counts.slow++;
      }
    } finally {
      clearInterval(watch);
    }
    const growthMb = Math.round(Math.max(0, peakBytes - startBytes) / 1e6);
    console.log(JSON.stringify({ seed, ...counts, slowestMs: Math.round(slowestMs), growthMb }));
    expect(problems).toEqual([]);
    expect(peakBytes - startBytes).toBeLessThan(MAX_GROWTH_BYTES);
  });
});

/** Lets one attack happen to a machine with an empty store. */
async function suffer(
  attack: Attack,
  genuine: Genuine,
): Promise<{ readonly outcome: "refused" | "absent" | "accepted"; readonly torn: string | undefined }> {
  using victim = new Machine(hasty);
  const outcome = await attempt(victim, attack.answers(genuine), STALL_MS);
  const torn = tornIn(victim);
  if (torn !== undefined) return { outcome, torn };
  // What it left must not stand in the way of the right one.
  const right = { oci: genuine.oci, blobs: new Map(genuine.blobs) };
  if (await attempt(victim, right, PATIENT_MS) !== "accepted") {
    return { outcome, torn: "the right artifact is refused afterwards" };
  }
  return { outcome, torn: tornIn(victim) };
}

async function attempt(
  victim: Machine,
  answers: Answers,
  stallTimeoutMs: number,
): Promise<"refused" | "absent" | "accepted"> {
  await using server = serve(answers);
  const client = victim.client(`${server.host}/acme/cache`, { stallTimeoutMs });
  try {
    const [pulled] = await victim.pull(client);
    return pulled?.outcome === "absent" ? "absent" : "accepted";
  } catch (error) {
    if (!(error instanceof EngineError) || exitCodeOf(error) !== 3 || error.hint === undefined) throw error;
    return "refused";
  }
}

/** What is wrong with a store that should be empty or whole. */
function tornIn({ folder, store }: Machine): string | undefined {
  const { damages } = verifyStore(hasty, store.root);
  if (damages.length > 0) return `${damages[0]?.path}: ${damages[0]?.problem}`;
  const outside = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name !== "store");
  if (outside.length > 0) return `it wrote "${outside[0]}"`;
  const left = [...Deno.readDirSync(join(store.root, "tmp"))];
  return left.length > 0 ? `it left "${left[0]?.name}"` : undefined;
}

/** A server that answers so. */
function serve({ oci, blobs, before, raw }: Answers): AsyncDisposable & { readonly host: string } {
  const right = (path: string) => path.includes("/manifests/") ? oci : blobs.get(path.slice(-64));
  if (raw !== undefined) {
    const server = new RawServer(async (connection, request) => {
      const path = request.split(" ")[1] ?? "";
      const attack = raw(path);
      const body = right(path) ?? new Uint8Array();
      const head = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
      await writeAll(connection, attack?.bytes ?? concat(new TextEncoder().encode(head), body));
      // Until the other side has had enough.
      if (attack?.stayOpen) { while (await connection.read(new Uint8Array(1024)) !== null); }
    });
    return { host: new URL(server.url).host, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  }
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {}, onError: () => new Response(null, { status: 500 }) },
    ({ url }) => {
      const { pathname } = new URL(url);
      const bytes = right(pathname);
      return before?.(pathname) ??
        (bytes === undefined ? new Response(null, { status: 404 }) : new Response(bytes));
    },
  );
  return { host: `127.0.0.1:${server.addr.port}`, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** The right artifact, as pushed by this program itself. */
async function makeGenuine(): Promise<Genuine> {
  await using registry = new MemoryRegistry();
  using builder = new Machine(hasty);
  const textOf = (digest: string) => new TextDecoder().decode(registry.blobs.get(digest));
  const artifactOf = (id: string) => {
    const oci = registry.manifests.get(id) ?? new Uint8Array();
    const { config } = JSON.parse(new TextDecoder().decode(oci));
    return { oci, config: textOf(config.digest.slice("sha256:".length)) };
  };
  await builder.push(builder.client(registry.address, { stallTimeoutMs: PATIENT_MS }), builder.build());
  const { oci, config } = artifactOf(builder.planned(PROGRAM).id);
  const other = artifactOf(builder.planned(LIBRARY).id);
  // The same step with another library: what stood there before it changed.
  using before = new Machine(hasty);
  const old = { ...PROGRAM, script: "false" };
  const { id, inputs } = before.planned(old);
  const [, made] = before.build();
  if (made === undefined) throw new Error("nothing was made");
  const { schema: _, treeDigest: __, ...content } = made;
  await before.push(before.client(registry.address, { stallTimeoutMs: PATIENT_MS }), [
    before.store.publish({ ...content, id, inputs }),
  ]);
  return {
    oci,
    config,
    blobs: new Map(registry.blobs),
    otherOci: other.oci,
    otherConfig: other.config,
    oldOci: artifactOf(id).oci,
  };
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length;) offset += await connection.write(bytes.subarray(offset));
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
