/**
 * Push and pull with the reference registry, over real HTTP, with each of its ways to let people in.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { denoHost } from "../../engine/deno_host.ts";
import { exitCodeOf } from "../../engine/error.ts";
import type { EngineError, Host, Manifest } from "../../engine/mod.ts";
import { verifyStore } from "../../engine/store/upkeep.ts";
import { HAS_OPENSSL } from "../e2e/_certificate.ts";
import { DockerRegistry, NO_REGISTRY, USER } from "./_docker_registry.ts";
import { LIBRARY, Machine, PROGRAM } from "./_shared_steps.ts";

if (NO_REGISTRY !== undefined) console.log(`Skipped: ${NO_REGISTRY}`);

let here: Machine;
let there: Machine;
let manifests: Manifest[];

function hostWith(env: Readonly<Record<string, string>>): Host {
  return { ...denoHost(), env: { get: (name) => env[name] } };
}

const asUser = hostWith({ VKFORGE_REGISTRY_USER: USER.name, VKFORGE_REGISTRY_PASSWORD: USER.password });
const asStranger = hostWith({ VKFORGE_REGISTRY_USER: USER.name, VKFORGE_REGISTRY_PASSWORD: "a wrong one" });
const asNobody = hostWith({});

async function failureOf(action: Promise<unknown>): Promise<EngineError> {
  return await action.then(() => {
    throw new Error("it did not fail");
  }, (error) => error as EngineError);
}

describe.skipIf(NO_REGISTRY !== undefined)("docker-registry", () => {
  beforeEach(() => {
    here = new Machine(asUser);
    there = new Machine(asNobody);
    manifests = here.build();
  });

  afterEach(() => {
    for (const machine of [here, there]) machine[Symbol.dispose]();
  });

  it("takes steps and gives them back, whole and once", async () => {
    await using registry = await DockerRegistry.start();
    const pushed = await here.push(here.client(registry.address), manifests);
    expect(pushed.map(({ outcome }) => outcome)).toEqual(["pushed", "pushed"]);
    const pulled = await there.pull(there.client(registry.address));
    expect(pulled.map(({ outcome }) => outcome)).toEqual(["pulled"]);
    expect(there.hit(PROGRAM)).toEqual(here.hit(PROGRAM));
    expect(there.contentOf(PROGRAM)).toEqual(here.contentOf(PROGRAM));
    expect(verifyStore(denoHost(), there.store.root).damages).toEqual([]);
    const again = await here.push(here.client(registry.address), manifests);
    expect(again.map(({ outcome, sentBytes }) => [outcome, sentBytes])).toEqual([["there", 0], ["there", 0]]);
  });

  it("takes large blobs in chunks", async () => {
    await using registry = await DockerRegistry.start();
    await here.push(here.client(registry.address, { chunkBytes: 300_000 }), manifests);
    await there.pull(there.client(registry.address));
    expect(there.contentOf(PROGRAM)).toEqual(here.contentOf(PROGRAM));
  });

  it("takes a step that made nothing but an empty file", async () => {
    await using registry = await DockerRegistry.start();
    const { id, inputs } = here.planned(LIBRARY);
    const empty = here.store.publish({
      ...{ id, inputs, kind: "step", name: "library", durationMs: 0 },
      tree: [{
        kind: "file",
        path: "lib",
        digest: here.store.putBytes(new Uint8Array()),
        sizeBytes: 0,
        executable: false,
      }],
    });
    await here.push(here.client(registry.address), [empty]);
    expect((await there.pull(there.client(registry.address), LIBRARY))[0]?.outcome).toBe("pulled");
    expect(there.hit(LIBRARY)).toEqual(empty);
  });

  it("with bytes that rotted on its disk is not believed", async () => {
    await using registry = await DockerRegistry.start();
    await here.push(here.client(registry.address), manifests);
    const big = manifests[1]?.tree.find(({ path }) => path === "out/big");
    if (big?.kind !== "file") throw new Error("no file");
    const bytes = Deno.readFileSync(registry.blobPath(big.digest));
    bytes[1_234_567]! ^= 1;
    Deno.writeFileSync(registry.blobPath(big.digest), bytes);
    const error = await failureOf(there.pull(there.client(registry.address)));
    expect([error.code, exitCodeOf(error)]).toEqual(["digest-mismatch", 3]);
    expect(error.message).toMatch(/sha256 of a file is [0-9a-f]{64}, it should be /);
    expect([there.hit(PROGRAM), verifyStore(denoHost(), there.store.root).damages]).toEqual([undefined, []]);
  });

  it("with a password lets in who has it, and nobody else", async () => {
    await using registry = await DockerRegistry.start("htpasswd");
    await here.push(here.client(registry.address), manifests);
    using me = new Machine(asUser);
    expect((await me.pull(me.client(registry.address)))[0]?.outcome).toBe("pulled");
    for (const host of [asStranger, asNobody]) {
      using other = new Machine(host);
      const built = other.build();
      const push = await failureOf(other.push(other.client(registry.address), built));
      expect([push.code, exitCodeOf(push)]).toEqual(["permission", 1]);
      using empty = new Machine(host);
      const pull = await failureOf(empty.pull(empty.client(registry.address)));
      expect([pull.code, exitCodeOf(pull)]).toEqual(["source-unavailable", 3]);
      expect(pull.hint).toContain("VKFORGE_REGISTRY_PASSWORD");
    }
  });

  it.skipIf(!HAS_OPENSSL)("with a token server lets everybody pull, and who may push", async () => {
    await using registry = await DockerRegistry.start("token");
    await here.push(here.client(registry.address), manifests);
    expect((await there.pull(there.client(registry.address)))[0]?.outcome).toBe("pulled");
    using nobody = new Machine(asNobody);
    const built = nobody.build(2);
    const push = await failureOf(nobody.push(nobody.client(registry.address), built, true));
    expect([push.code, exitCodeOf(push)]).toEqual(["permission", 1]);
    using stranger = new Machine(asStranger);
    const pull = await failureOf(stranger.pull(stranger.client(registry.address)));
    expect(pull.message).toContain("its token server answers 401");
  });
});
