import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import {
  cannotStartDocker,
  type DockerDaemon,
  startDockerDaemon,
} from "../../tests/fixtures/docker_daemon.ts";
import { miniEngine, miniStep } from "../../tests/fixtures/mini_engine.ts";
import { DEFAULT_RESOURCES, type Event, type Image } from "../mod.ts";
import { failureOf, hostWith, sandboxContract } from "./_contract.ts";

const skipped = cannotStartDocker();
const daemon = skipped === undefined ? await startDockerDaemon() : undefined;
const never = new AbortController().signal;

sandboxContract({ choice: "docker", skipped, variables: { DOCKER_HOST: daemon?.url ?? "" } });

describe.skipIf(skipped !== undefined)(
  `DockerSandbox${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
  () => {
    const { url } = daemon as DockerDaemon;
    let folder = "";
    const events: Event[] = [];

    const open = (name: string, variables: Record<string, string> = {}) =>
      miniEngine({
        host: hostWith({ DOCKER_HOST: url, ...variables }),
        storeRoot: join(folder, name),
        sandbox: "docker",
        events,
      });

    beforeAll(async () => {
      folder = await Deno.makeTempDir({ prefix: "vkforge-docker-test-" });
    });

    afterAll(async () => {
      await Deno.remove(folder, { recursive: true });
      await daemon?.stop();
    });

    it("gives a step the same output digest as bubblewrap", async () => {
      const digests = [];
      for (const sandbox of ["docker", "bwrap"] as const) {
        const { engine, image } = await miniEngine({
          host: hostWith({ DOCKER_HOST: url }),
          storeRoot: join(folder, sandbox),
          sandbox,
          events,
        });
        const steps = stepPair(image);
        const made = await engine.build(steps, never);
        digests.push(steps.map(({ name }) => made.get(name)?.treeDigest));
      }
      expect(digests[0]).toEqual(digests[1]);
    });

    it("says which engine it took", () => {
      const chosen = events.find((event) => event.type === "sandbox" && event.name === "docker");
      expect(chosen).toMatchObject({
        reason: expect.stringMatching(/^asked for; Docker \d.* answers at unix:/),
      });
    });

    it("leaves nothing in the engine but the image, and finds that again", async () => {
      expect(await docker("ps", "-aq")).toBe("");
      expect(await docker("volume", "ls", "-q")).toBe("");
      const images = await imageList();
      expect(images.filter((image) => image.includes("temporary"))).toEqual([]);
      const { engine, image } = await open("again");
      await engine.build([miniStep(image, { name: "again", script: "echo > /out/out" })], never);
      expect(await imageList()).toEqual(images);
    });

    it("does not run an image that another one's tag was moved to", async () => {
      const { engine, image } = await open("moved");
      const { digest } = await engine.image(image, never);
      const step = miniStep(image, { name: "moved", script: "type stat > /out/out" });
      const made = (await engine.build([step], never)).get("moved")?.treeDigest;
      const tools = (await docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}")).split("\n")
        .find((tag) => !tag.includes(digest))!;
      await docker("tag", tools, `localhost/vkforge:${digest}`);
      const second = await open("moved-2");
      expect((await second.engine.build([step], never)).get("moved")?.treeDigest).toBe(made);
    });

    it("refuses a pipe among the outputs", async () => {
      const { engine, image } = await open("pipe");
      const step = miniStep(image, { name: "pipe", script: "mkfifo /out/out" });
      expect((await failureOf(engine.build([step], never))).code).toBe("output-unsafe");
    });

    it("tells of a step that may use more memory than the engine has", async () => {
      const { engine, image } = await open("limits");
      const step = miniStep(image, {
        name: "huge",
        script: "echo > /out/out",
        resources: { ...DEFAULT_RESOURCES, memoryBytes: 2 ** 50 },
      });
      const error = await failureOf(engine.build([step], never));
      expect(error.code).toBe("sandbox-unavailable");
      expect(error.message).toMatch(/has \d+ MiB of memory, the step may use 1073741824 MiB$/);
      expect(error.hint).toContain("more memory");
    });

    it("removes what a process left that was killed, and only that", async () => {
      const { engine, image } = await open("reap");
      await engine.image(image, never);
      // A process of its own, killed while its step runs.
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", join(import.meta.dirname!, "testdata/sleeping_step.ts"), join(folder, "reap")],
        env: { DOCKER_HOST: url },
        stdout: "null",
      }).spawn();
      await until(async () => (await docker("ps", "-q")) !== "");
      const others = await docker("create", "--label", "vkforge.session=another", ...await anyImage(), "/x");
      child.kill("SIGKILL");
      await child.status;
      expect((await docker("ps", "-q")).split("\n")).toHaveLength(1);
      // The next command: engines look for leftovers when they are opened.
      const next = (await open("reap")).engine;
      await next.build([miniStep(image, { name: "next", script: "echo > /out/out" })], never);
      expect(await docker("ps", "-aq", "--no-trunc")).toBe(others);
      expect(await docker("volume", "ls", "-q")).toBe("");
      await docker("rm", others);
      expect([...Deno.readDirSync(join(folder, "reap", "containers"))]).toEqual([]);
    });

    it("tells of an engine that dies in the middle of a step, and heals when it is back", async () => {
      const { engine, image } = await open("killed");
      const step = miniStep(image, { name: "long", script: "echo started; sleep 100" });
      const building = failureOf(engine.build([step], never));
      await until(() => events.some((event) => event.type === "step-output" && event.name === "long"));
      await daemon?.kill();
      const error = await building;
      expect(error.code).toBe("sandbox-unavailable");
      expect(error.message).toContain("Cannot reach the container engine");
      await daemon?.restart();
      const next = (await open("killed")).engine;
      await next.build([miniStep(image, { name: "short", script: "echo > /out/out" })], never);
      expect([await docker("ps", "-aq"), await docker("volume", "ls", "-q")]).toEqual(["", ""]);
    });

    it("removes what an engine was making when it died", async () => {
      // Before, while and after volumes and containers are made.
      for (const [round, delayMs] of [0, 20, 50, 100, 200].entries()) {
        const { engine, image } = await open("making");
        await engine.sandbox(never);
        const building = failureOf(engine.build([
          miniStep(image, {
            name: `making-${round}`,
            inputs: { docs: { kind: "files", folder: "docs" } },
            script: "sleep 100",
          }),
        ], never));
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        await daemon?.kill();
        expect((await building).code).toBe("sandbox-unavailable");
        await daemon?.restart();
        await (await open("making")).engine.sandbox(never);
        expect([await docker("ps", "-aq"), await docker("volume", "ls", "-q")]).toEqual(["", ""]);
      }
    });

    it("tells of an engine that is not there", async () => {
      const { engine } = await open("absent", { DOCKER_HOST: `unix://${folder}/nothing.sock` });
      const error = await failureOf(engine.sandbox(never));
      expect(error.code).toBe("sandbox-unavailable");
      expect(error.message).toContain("Cannot reach the container engine");
      expect(error.hint).toContain("--engine bwrap");
    });

    it("tells of an engine whose runtime is missing", async () => {
      const lame = await startDockerDaemon([
        "--add-runtime",
        "none=/nonexistent/runc",
        "--default-runtime",
        "none",
      ]);
      try {
        const { engine } = await open("lame", { DOCKER_HOST: lame.url });
        const error = await failureOf(engine.sandbox(never));
        expect(error.code).toBe("sandbox-unavailable");
        expect(error.message).toContain("cannot run a container");
        expect(error.hint).toContain("runtime is missing");
      } finally {
        await lame.stop();
      }
    });

    it('is taken by "auto" where bubblewrap does not work, with the reason', async () => {
      const host = hostWith({ DOCKER_HOST: url });
      const seen: Event[] = [];
      const { engine } = await miniEngine({
        host: {
          ...host,
          spawn: () => {
            throw new Error("not permitted");
          },
        },
        storeRoot: join(folder, "auto"),
        sandbox: "auto",
        events: seen,
      });
      expect((await engine.sandbox(never)).name).toBe("docker");
      expect(seen.find(({ type }) => type === "sandbox")).toMatchObject({
        reason: expect.stringContaining("bubblewrap does not work here, Docker"),
      });
    });

    async function docker(...args: string[]): Promise<string> {
      const { stdout, stderr, success } = await new Deno.Command("docker", { args: ["-H", url, ...args] })
        .output();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout).trim();
    }

    async function imageList(): Promise<string[]> {
      return (await docker("image", "ls", "--format", "{{.Repository}} {{.ID}}")).split("\n").sort();
    }

    async function anyImage(): Promise<string[]> {
      return (await docker("image", "ls", "-q")).split("\n").slice(0, 1);
    }
  },
);

function stepPair(image: Image) {
  const first = miniStep(image, {
    name: "first",
    inputs: { docs: { kind: "files", folder: "docs" } },
    outputs: ["docs", "facts"],
    script: `
      cp -a /in/docs /out/docs; ln -s docs /out/facts
      for i in {1..200}; do echo "$i" > "/out/docs/file $i"; done; chmod +x "/out/docs/file 7"
    `,
  });
  const second = miniStep(image, {
    name: "second",
    inputs: { docs: { kind: "step", step: first, path: "docs" }, whole: { kind: "step", step: first } },
    script:
      'env -u _ | sort > /out/out; ls -lnR /in | while read -r mode links rest; do echo "$mode $rest"; done | sort >> /out/out',
  });
  // Who owns what and when it was made is no secret that differs, but `ls` tells the script's own time.
  return [first, { ...second, script: second.script.replace("-lnR", "-1R") }];
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error("It did not happen within a minute");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
