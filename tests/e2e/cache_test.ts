import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import type { Manifest } from "../../engine/mod.ts";
import { shareStore, takeStore } from "../../engine/store/upkeep.ts";
import { SmallGraph } from "../../engine/store/_testing_graph.ts";
import { cli as runCli, type CliRun, documentOf, startCli, until } from "./_cli.ts";

const host = denoHost();
const never = new AbortController().signal;
let store: string;
let graph: SmallGraph;
let old: Manifest;

async function cli(...args: string[]): Promise<CliRun> {
  return await runCli(["cache", ...args], { store });
}

describe("cache", () => {
  beforeEach(() => {
    store = Deno.makeTempDirSync({ prefix: "vkforge-e2e-cache-" });
    graph = new SmallGraph(host, store);
    old = graph.step("a", { version: 1, made: { out: "x".repeat(2_000_000) } });
    graph.step("a", { version: 2 });
    graph.age(old, 20);
  });

  afterEach(() => Deno.removeSync(store, { recursive: true }));

  it("stats: what there is, as text and as JSON", async () => {
    const [text, json] = await Promise.all([cli("stats"), cli("stats", "--json")]);
    expect(text).toMatchObject({ code: 0, stderr: "" });
    expect(text.stdout).toMatch(/^Store .*\n\n.*packages +1 /);
    expect(text.stdout).toMatch(/ steps +2 +2\.0\d MB\n/);
    expect(documentOf(json)).toMatchObject({
      schema: 1,
      command: "cache stats",
      ok: true,
      store,
      kinds: { packages: { count: 1 }, images: { count: 1 }, steps: { count: 2 } },
    });
  });

  it("verify: exit 1 and which file while something is damaged; --repair removes it; then all is whole", async () => {
    const entry = graph.image.tree.find(({ path }) => path === "etc/passwd");
    const blob = graph.store.path(entry!.kind === "file" ? entry!.digest : old.treeDigest);
    expect(await cli("verify")).toMatchObject({ code: 0, stderr: "" });
    Deno.chmodSync(blob, 0o600);
    Deno.writeTextFileSync(blob, "ROOT");
    Deno.chmodSync(blob, 0o444);

    const found = await cli("verify");
    expect(found.code).toBe(1);
    expect(found.stdout).toContain(`${blob.slice(store.length + 1)}\n  holds 4 bytes of another SHA-256`);
    expect(found.stderr).toContain("hint: `deno task cache verify --repair`");
    expect(documentOf(await cli("verify", "--json"))).toMatchObject({ ok: false, repaired: false });

    const repaired = await cli("verify", "--repair", "--json");
    expect([repaired.code, documentOf(repaired).repaired, documentOf(repaired).damages.length > 0]).toEqual(
      [0, true, true],
    );
    expect(await cli("verify")).toMatchObject({ code: 0 });
    expect(graph.isWhole(old)).toBe(true);
  });

  it("gc: --dry-run changes nothing; without it the old build goes", async () => {
    expect((await cli("gc", "--dry-run")).stdout).toMatch(/ steps +1 .*[^]*Would free 2\.0\d MB/);
    expect(graph.isWhole(old)).toBe(true);
    expect((await cli("gc", "--keep-days", "30")).stdout).toMatch(/^Nothing to remove; the store takes /);
    const run = await cli("gc", "--json");
    expect(documentOf(run)).toMatchObject({ ok: true, dryRun: false, removed: { steps: { count: 1 } } });
    expect(graph.store.hit(old.id)).toBe(undefined);
    expect((await cli("gc", "--keep-days", "0", "--max-size", "0")).code).toBe(0);
    expect([...Deno.readDirSync(join(store, "manifests"))]).toEqual([]);
  });

  it("gc: waits until nobody uses the store, and says so", async () => {
    const lease = await shareStore({ host, root: store }, { signal: never });
    const running = startCli(["cache", "gc"], { store });
    await until("it waits", () => running.stderr().includes("Waiting: another vkforge uses the store"));
    expect(graph.isWhole(old)).toBe(true);
    lease[Symbol.dispose]();
    expect(await running.result).toMatchObject({ code: 0 });
    expect(graph.store.hit(old.id)).toBe(undefined);
  });

  it("stats and plan do not wait for a collection", async () => {
    using _alone = await takeStore({ host, root: store }, { signal: never });
    expect(await cli("stats")).toMatchObject({ code: 0, stderr: "" });
    expect(await runCli(["plan"], { store })).toMatchObject({ code: 0 });
  });

  it.each([
    [[], "No command given", "Commands are: stats, verify, gc"],
    [["frobnicate"], 'Unknown command "cache frobnicate"', "Commands are: stats, verify, gc"],
    [["gc", "--max-size", "much"], "It must be a size such as 20GB", "--help`"],
    [["gc", "--keep-days", "-1"], "It must be a number of days", "--help`"],
    [["stats", "--frobnicate"], 'Unknown option "--frobnicate"', "--help`"],
  ])("bad usage %s: exit 2", async (args: string[], message: string, hint: string) => {
    const run = await cli(...args, "--json");
    expect(run.code).toBe(2);
    expect(documentOf(run).error).toMatchObject({
      code: "usage",
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });
});
