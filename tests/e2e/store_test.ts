import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { CAN_MOUNT, documentOf, processesWith, until } from "./_cli.ts";
import { CAN_CHANGE_USER, OrdinaryUser } from "./_ordinary_user.ts";
import { leftovers, removeStore, SmallProject } from "./_small_project.ts";

let project: SmallProject;
/** Where a test mounts something. */
let mounted: string | undefined;

function mount(...args: string[]): string {
  mounted = Deno.makeTempDirSync({ prefix: "vkforge-e2e-mount-" });
  sh("mount", ...args, mounted);
  return mounted;
}

function sh(program: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(program, { args }).outputSync();
  if (!success) throw new Error(`${program} failed: ${new TextDecoder().decode(stderr)}`);
}

describe("store", () => {
  beforeAll(async () => {
    project = await SmallProject.make();
    expect(await project.run(["build-models"])).toMatchObject({ code: 0 });
  });

  afterEach(() => {
    project.hook("");
    expect(processesWith(project.store)).toEqual([]);
    if (mounted === undefined) return;
    expect(processesWith(mounted)).toEqual([]);
    sh("umount", mounted);
    Deno.removeSync(mounted);
    mounted = undefined;
  });

  afterAll(() => project[Symbol.asyncDispose]());

  it.skipIf(!CAN_MOUNT)(
    "disk full while an image is assembled: disk-full, exit 1; goes on with more room",
    async () => {
      const store = mount("-t", "tmpfs", "-o", "size=24m", "tmpfs");
      const run = await project.run(["build-models", "--json"], { store });
      const { error } = documentOf(run);
      expect({ exit: run.code, code: error.code }).toEqual({ exit: 1, code: "disk-full" });
      expect(run.stderr).toMatch(/no space left on the device|are free at/);
      expect(error.hint).toContain("point VKFORGE_HOME to a larger disk");
      expect(leftovers(store)).toEqual([]);
      sh("mount", "-o", "remount,size=256m", store);
      expect(await project.run(["build-models", "--json"], { store })).toMatchObject({ code: 0 });
    },
  );

  it.skipIf(!CAN_MOUNT)("disk full in a step: disk-full, exit 1; goes on with more room", async () => {
    const store = mount("-t", "tmpfs", "-o", "size=256m", "tmpfs");
    sh("cp", "-a", `${project.store}/.`, store);
    project.hook("head -c 400M /dev/zero > /build/large\n");
    const run = await project.run(["build-models", "--json"], { store });
    const { error } = documentOf(run);
    expect({ exit: run.code, code: error.code }).toEqual({ exit: 1, code: "disk-full" });
    expect(error.hint).toContain("point VKFORGE_HOME to a larger disk");
    expect(leftovers(store)).toEqual([]);
    sh("mount", "-o", "remount,size=1g", store);
    expect(await project.run(["build-models", "--json"], { store })).toMatchObject({ code: 0 });
  });

  it.skipIf(!CAN_MOUNT)("read-only and full: plan works", async () => {
    const store = mount("--bind", project.store);
    sh("mount", "-o", "remount,ro,bind", store);
    const run = await project.run(["plan", "build-models", "--json"], { store });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(documentOf(run).steps.every(({ status }: { status: string }) => status === "hit")).toBe(true);
  });

  it.skipIf(!CAN_MOUNT)("read-only and something to build: read-only, exit 1, hint", async () => {
    const store = mount("--bind", project.store);
    sh("mount", "-o", "remount,ro,bind", store);
    project.hook("echo something else\n");
    const run = await project.run(["build-models", "--json"], { store });
    const { error } = documentOf(run);
    expect({ exit: run.code, code: error.code }).toEqual({ exit: 1, code: "read-only" });
    expect(error.message).toContain("the file system is read-only");
    expect(error.hint).toContain("Point VKFORGE_HOME to a folder that can be written");
  });

  it.skipIf(!CAN_MOUNT)("read-only and empty: read-only, exit 1, hint", async () => {
    const store = join(mount("-t", "tmpfs", "-o", "size=1m,ro", "tmpfs"), "store");
    for (const command of ["plan", "build-models"]) {
      const run = await project.run([command, "--json"], { store });
      const { error } = documentOf(run);
      expect({ exit: run.code, code: error.code }).toEqual({ exit: 1, code: "read-only" });
      expect(error.message).toBe(`Cannot open the store at "${store}": the file system is read-only`);
      expect(error.hint).toContain("Point VKFORGE_HOME");
    }
  });

  it.skipIf(!CAN_CHANGE_USER)("somebody else's: permission, exit 1, hint; plan still works", async () => {
    using user = new OrdinaryUser();
    user.own(project.checkout.root);
    Deno.chmodSync(project.checkout.root, 0o755);
    project.hook("echo for another user\n");
    const options = { ...user.options, store: project.store };
    expect(await project.run(["plan", "build-models"], options)).toMatchObject({ code: 0 });
    const run = await project.run(["build-models", "--json"], options);
    const { error } = documentOf(run);
    expect({ exit: run.code, code: error.code }).toEqual({ exit: 1, code: "permission" });
    expect(error.message).toContain("permission denied");
    expect(error.hint).toContain("Point VKFORGE_HOME to a folder that you own");
  });

  it("a file where the store should be: exit 1, says which", async () => {
    const store = `${project.store}-file`;
    Deno.writeTextFileSync(store, "");
    const run = await project.run(["plan", "--json"], { store });
    removeStore(store);
    const { error } = documentOf(run);
    expect({ exit: run.code, ok: documentOf(run).ok }).toEqual({ exit: 1, ok: false });
    expect(error.message).toBe(`Cannot open the store at "${store}": a file stands where a folder should be`);
    expect(error.hint).toContain("Move the file away");
  });

  it("of a later version: exit 1, hint", async () => {
    const store = `${project.store}-later`;
    Deno.mkdirSync(store);
    Deno.writeTextFileSync(join(store, "version"), "2\n");
    const run = await project.run(["plan", "--json"], { store });
    removeStore(store);
    const { error } = documentOf(run);
    expect({ exit: run.code, code: error.code }).toEqual({ exit: 1, code: "store-newer" });
    expect(error.hint).toContain("Point VKFORGE_HOME to another folder");
  });

  it("two commands at once: one builds, the other waits and takes what was built", async () => {
    project.hook("sleep 1\necho twice\n");
    const first = project.start(["build-models", "--json", "--log-format", "plain"]);
    await until("the step runs", () => first.stderr().includes("step model/mobilenet_v2/cpu: start"));
    const second = project.start(["build-models", "--json", "--log-format", "plain"]);
    const [one, two] = await Promise.all([first.result, second.result]);
    expect({ one: one.code, two: two.code }).toEqual({ one: 0, two: 0 });
    expect(two.stderr).toContain("another vkforge is building this step");
    expect(two.stderr).not.toContain("step model/mobilenet_v2/cpu: start");
    expect(documentOf(two).models[0].files).toEqual(documentOf(one).models[0].files);
    expect(leftovers(project.store)).toEqual([]);
  });
});
