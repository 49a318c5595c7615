import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { documentOf, processesWith, type RunningCli, until } from "./_cli.ts";
import { leftovers, removeStore, SmallProject } from "./_small_project.ts";

/** From the signal to the end of the process, also on a machine that is busy. */
const DEADLINE_MS = 2_000;

let project: SmallProject;
/** On the command line of every process that the step starts. */
let marker: string;

async function startedStep(): Promise<RunningCli> {
  const running = project.start(["test-swiftshader", "--json", "--log-format", "plain"]);
  await until("the step runs", () => processesWith(marker).length > 0);
  return running;
}

async function expectNothingLeft(): Promise<void> {
  // The kernel ends what is inside a sandbox after the sandbox itself.
  await until("no process of the step is left", () => processesWith(marker).length === 0, {
    timeoutMs: 2_000,
  });
  expect(processesWith(project.store)).toEqual([]);
}

async function expectHealed(): Promise<void> {
  project.hook("");
  expect(await project.run(["build-models"])).toMatchObject({ code: 0 });
  expect(leftovers(project.store)).toEqual([]);
}

describe("interruption", () => {
  beforeAll(async () => {
    project = await SmallProject.make();
    expect(await project.run(["build-models"])).toMatchObject({ code: 0 });
  });

  beforeEach(() => {
    marker = `9${Date.now()}`;
    // A grandchild that takes no signal from a terminal, and one in the foreground.
    project.hook(`(trap "" INT TERM HUP; sleep ${marker}) &\nsleep ${marker}\n`);
  });

  afterAll(() => project[Symbol.asyncDispose]());

  it.each([["SIGINT to the process", "SIGINT", 1], ["SIGINT to its group, as Ctrl-C does", "SIGINT", -1], [
    "SIGTERM",
    "SIGTERM",
    1,
  ]])(
    "%s in a step: exit 130 in time, said so, nothing left",
    async (_how: string, signal: Deno.Signal, sign: number) => {
      const running = await startedStep();
      const started = performance.now();
      Deno.kill(sign * running.pid, signal);
      const run = await running.result;
      expect(performance.now() - started).toBeLessThan(DEADLINE_MS);
      expect(run.code).toBe(130);
      expect(documentOf(run)).toMatchObject({ ok: false, error: { code: "interrupted" } });
      expect(run.stderr).toContain("Interrupted");
      expect(run.stderr).not.toContain("failed: exit code");
      await expectNothingLeft();
      expect(leftovers(project.store)).toEqual([]);
      await expectHealed();
    },
  );

  it("a second SIGINT ends it at once, and nothing is left", async () => {
    const running = await startedStep();
    Deno.kill(running.pid, "SIGINT");
    Deno.kill(running.pid, "SIGINT");
    expect((await running.result).code).toBe(130);
    await expectNothingLeft();
    await expectHealed();
  });

  it("SIGKILL: no process of the sandbox is left, and the next command sweeps", async () => {
    const running = await startedStep();
    Deno.kill(running.pid, "SIGKILL");
    await running.result;
    await expectNothingLeft();
    expect(leftovers(project.store)).not.toEqual([]);
    await expectHealed();
  });

  it("SIGINT while sources are fetched: exit 130 in time; the next command goes on", async () => {
    const store = `${project.store}-slow`;
    const { server } = project;
    const path = "/source/swiftshader";
    const content = server.files.get(path);
    // Never ends; the rest is there.
    server.files.set(path, undefined);
    server.slow.add(path);
    const running = project.start(["build-models", "--json"], { store });
    await until("the source is asked for", () => server.requests.includes(path));
    const started = performance.now();
    Deno.kill(running.pid, "SIGINT");
    const run = await running.result;
    expect(performance.now() - started).toBeLessThan(DEADLINE_MS);
    expect(run.code).toBe(130);
    server.slow.delete(path);
    server.files.set(path, content);
    project.hook("");
    expect(await project.run(["build-models"], { store })).toMatchObject({ code: 0 });
    expect(leftovers(store)).toEqual([]);
    removeStore(store);
  });
});
