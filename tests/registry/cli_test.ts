/**
 * `deno task cache push` and `pull` as a user types them: one machine builds, another pulls.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { cli, type CliRun, documentOf } from "../e2e/_cli.ts";
import { removeStore, SmallProject } from "../e2e/_small_project.ts";
import { MemoryRegistry } from "./_memory_registry.ts";

const TARGET = "build-models";
let project: SmallProject;
let registry: MemoryRegistry;
/** Another machine's store. */
let store: string;

async function cache(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliRun> {
  return await run(["cache", ...args], { env });
}

async function run(
  args: readonly string[],
  { env = {}, from = store }: { readonly env?: Readonly<Record<string, string>>; readonly from?: string } =
    {},
): Promise<CliRun> {
  return await cli(args, {
    repository: project.checkout.root,
    store: from,
    env: { VKFORGE_CACHE: registry.address, ...env },
  });
}

describe("cache push and pull", () => {
  beforeAll(async () => {
    project = await SmallProject.make();
    project.hook('echo "converting $name"\n');
    expect(await project.run([TARGET])).toMatchObject({ code: 0 });
    registry = new MemoryRegistry();
    store = `${project.checkout.root}-other-store`;
  });

  beforeEach(() => {
    registry.before = () => undefined;
    registry.door = { kind: "open" };
    removeStore(store);
  });

  afterAll(async () => {
    removeStore(store);
    await registry[Symbol.asyncDispose]();
    await project[Symbol.asyncDispose]();
  });

  it("bring a build to another machine, which has nothing to do then", async () => {
    const pushed = await run(["cache", "push", TARGET], { from: project.store });
    expect(pushed).toMatchObject({ code: 0, stderr: "" });
    expect(pushed.stdout).toMatch(/runner|host-runtime\/plugin +[0-9a-f]{12} +pushed +\d+ B/);
    expect(pushed.stdout).toContain(`Pushed ${registry.manifests.size} steps to ${registry.address}: `);

    const pulled = await cache(["pull", TARGET, "--json"]);
    expect(pulled.code).toBe(0);
    const document = documentOf(pulled);
    expect(document).toMatchObject({
      schema: 1,
      command: "cache pull",
      ok: true,
      registry: registry.address,
    });
    expect(new Set(document.steps.map(({ outcome }: { outcome: string }) => outcome))).toEqual(
      new Set(["pulled"]),
    );
    expect((await run(["plan", TARGET])).stdout).toMatch(/ 0 of|Nothing to do/);
    expect((await cache(["verify"])).stdout).toContain("All is whole: ");
    const again = await cache(["pull", TARGET]);
    expect(again.stdout).toContain("was here");
    expect(again.stdout).toMatch(/Pulled 0 steps from .*\n$/);
  });

  it("pull says which targets the registry does not have, keeps the rest, and exits with 3", async () => {
    const lost = [...registry.manifests.keys()].find((id) => {
      const { annotations } = JSON.parse(new TextDecoder().decode(registry.manifests.get(id)));
      return annotations["org.opencontainers.image.title"].endsWith("/vulkan");
    });
    registry.before = (_request, url) =>
      url.pathname.endsWith(`manifests/${lost}`) ? new Response(null, { status: 404 }) : undefined;
    const text = await cache(["pull", TARGET]);
    expect([text.code, text.stdout]).toEqual([3, expect.stringContaining("not in the registry")]);
    expect(text.stderr).toMatch(
      /error: The registry .* does not have "model\/[^"]+\/vulkan" in this form\n +hint: /,
    );
    const json = await cache(["pull", TARGET, "--json"]);
    expect([json.code, documentOf(json).ok, documentOf(json).error.code]).toEqual([3, false, "source-gone"]);
    expect(documentOf(json).steps.some(({ outcome }: { outcome: string }) => outcome === "here")).toBe(true);
  });

  it("tell one thing about a registry that gives wrong bytes, and exit with 3", async () => {
    registry.before = (request, url) => {
      const bytes = registry.blobs.get(url.pathname.slice(-64));
      return request.method === "GET" && bytes !== undefined
        ? new Response(bytes.map((byte) => byte ^ 1))
        : undefined;
    };
    const json = await cache(["pull", TARGET, "--json"]);
    const { error } = documentOf(json);
    expect([json.code, error.code]).toEqual([3, "digest-mismatch"]);
    expect(error.message).toMatch(
      /^Cannot pull "[^"]+" from .*: sha256 of a manifest is [0-9a-f]{64}, it should be /,
    );
    expect(json.stderr.match(/error: /g)).toHaveLength(1);
    expect([...Deno.readDirSync(join(store, "manifests"))]).toEqual([]);
  });

  it.each([
    ["that does not answer", ["pull"], { VKFORGE_CACHE: "127.0.0.1:1/acme/cache" }, 3, "source-unavailable"],
    ["that wants a password", ["pull"], {}, 3, "source-unavailable"],
    ["with half a password", ["pull"], { VKFORGE_REGISTRY_USER: "me" }, 2, "usage"],
    ["that is not named", ["pull"], { VKFORGE_CACHE: "" }, 2, "usage"],
    ["over http to elsewhere", ["pull"], { VKFORGE_CACHE: "http://registry.example/cache" }, 2, "usage"],
    ["with a name in capitals", ["pull"], { VKFORGE_CACHE: "localhost:5000/Cache" }, 2, "usage"],
    ["of steps that are not built", ["push"], {}, 3, "source-unavailable"],
    ["of an unknown step", ["push", "nonsense"], {}, 2, "unknown-step"],
    ["that is only read", ["push", "--read-only"], {}, 1, "read-only"],
    ["that is only read here", ["push"], { VKFORGE_CACHE_READ_ONLY: "1" }, 1, "read-only"],
  ])(
    "a registry %s: one message with a hint, and the exit code",
    async (_what: string, args: string[], env: Record<string, string>, code: number, word: string) => {
      registry.door = { kind: "basic", user: "me", password: "something else" };
      const json = await cache([...args, "--json"], { HOME: store, DENO_DIR: denoFolder(), ...env });
      const { error } = documentOf(json);
      expect([json.code, error.code, typeof error.hint]).toEqual([code, word, "string"]);
      expect(json.stderr.match(/^error: /gm)).toHaveLength(1);
    },
  );

  it("push refuses in a run for a pull request of a fork", async () => {
    const event = join(project.checkout.root, "event.json");
    const full_name = "mallory/vkforge";
    Deno.writeTextFileSync(event, JSON.stringify({ pull_request: { head: { repo: { full_name } } } }));
    const json = await run(["cache", "push", TARGET, "--json"], {
      from: project.store,
      env: {
        GITHUB_ACTIONS: "true",
        GITHUB_EVENT_NAME: "pull_request_target",
        GITHUB_EVENT_PATH: event,
        GITHUB_REPOSITORY: "acme/vkforge",
      },
    });
    expect([json.code, documentOf(json).error]).toMatchObject([1, {
      code: "read-only",
      message: 'Cannot push: this run is for a pull request of the fork "mallory/vkforge"',
    }]);
  });
});

function denoFolder(): string {
  return Deno.env.get("DENO_DIR") ?? join(Deno.env.get("HOME") ?? "/", ".cache", "deno");
}
