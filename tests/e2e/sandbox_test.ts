import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentOf, processesWith } from "./_cli.ts";
import { CAN_CHANGE_USER, OrdinaryUser } from "./_ordinary_user.ts";
import { leftovers, removeStore, SmallProject } from "./_small_project.ts";

/** Runs a command where no user namespace can be made, as in many containers. */
const WITHOUT_NAMESPACES = [
  ...["unshare", "--user", "--map-root-user"],
  ...["sh", "-c", 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"', "sh"],
];

const CAN_FORBID_NAMESPACES = Deno.build.os === "linux" &&
  new Deno.Command("unshare", {
    args: [...WITHOUT_NAMESPACES.slice(1), "true"],
    stdout: "null",
    stderr: "null",
  }).outputSync().success;

let project: SmallProject;

describe("sandbox", () => {
  beforeAll(async () => {
    project = await SmallProject.make();
  });

  afterAll(() => project[Symbol.asyncDispose]());

  it.skipIf(!CAN_FORBID_NAMESPACES)(
    "no user namespaces: sandbox-unavailable with what to do, exit 1",
    async () => {
      const run = await project.run(["build-models", "--json"], { wrap: WITHOUT_NAMESPACES });
      const { error } = documentOf(run);
      expect({ exit: run.code, code: error.code }).toEqual({ exit: 1, code: "sandbox-unavailable" });
      expect(error.message).toMatch(/^Cannot make a sandbox on this machine: /);
      expect(error.hint).toContain(
        "User namespaces are off; run `sudo sysctl user.max_user_namespaces=10000`",
      );
      expect(run.stderr).toContain(`error: ${error.message}`);
      expect(leftovers(project.store)).toEqual([]);
    },
  );

  it.skipIf(!CAN_FORBID_NAMESPACES)("no user namespaces: doctor says the same, exit 1", async () => {
    const run = await project.run(["doctor", "--json"], { wrap: WITHOUT_NAMESPACES });
    const { ok, checks } = documentOf(run);
    expect({ exit: run.code, ok }).toEqual({ exit: 1, ok: false });
    const failed = checks.filter(({ status }: { status: string }) => status === "fail");
    expect(JSON.stringify(failed)).toContain("user.max_user_namespaces");
  });

  it.skipIf(!CAN_FORBID_NAMESPACES)("no user namespaces: plan does not need one", async () => {
    expect(await project.run(["plan"], { wrap: WITHOUT_NAMESPACES })).toMatchObject({ code: 0 });
  });

  it("works once it is allowed: nothing was spoiled", async () => {
    expect(await project.run(["build-models"])).toMatchObject({ code: 0 });
  });

  it("a step that fails: step-failed, exit 1, its output, its log, nothing left", async () => {
    project.hook("echo this is why >&2\nsleep 0.01 &\nexit 7\n");
    const run = await project.run(["build-models", "--json"]);
    project.hook("");
    const { error } = documentOf(run);
    expect({ exit: run.code, code: error.code }).toEqual({ exit: 1, code: "step-failed" });
    expect(error.message).toBe('Step "model/mobilenet_v2/cpu" failed: exit code 7');
    expect(run.stderr).toContain("this is why");
    const log = error.detail.find((line: string) => line.startsWith("log: ")).slice("log: ".length);
    expect(Deno.readTextFileSync(log)).toContain("this is why");
    expect(leftovers(project.store)).toEqual([]);
    expect(processesWith(project.store)).toEqual([]);
  });

  it.skipIf(!CAN_CHANGE_USER)("plan and a build as an ordinary user", async () => {
    using user = new OrdinaryUser();
    const store = `${project.store}-user`;
    Deno.mkdirSync(store);
    for (const folder of [project.checkout.root, store]) user.own(folder);
    const build = await project.run(["build-models", "--json"], { ...user.options, store });
    expect(build).toMatchObject({ code: 0 });
    const plan = await project.run(["plan", "build-models", "--json"], { ...user.options, store });
    expect(documentOf(plan).steps.every(({ status }: { status: string }) => status === "hit")).toBe(true);
    const [root] = await ids(project.store);
    expect(documentOf(plan).steps[0].id).toBe(root);
    removeStore(store);
  });
});

/** Ids of the steps that root built. */
async function ids(store: string): Promise<string[]> {
  const { steps } = documentOf(await project.run(["plan", "build-models", "--json"], { store }));
  return steps.map(({ id }: { id: string }) => id);
}
