/**
 * test-device and import-result as a user starts them.
 */
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Adb } from "../../measure/targets/adb/adb.ts";
import { loadProject, mainJob } from "../../recipes/project.ts";
import { openEngine, REPOSITORY, storeRoot } from "../../tasks/_session.ts";
import { cli, type CliRun, documentOf, type RunningCli, startCli, until } from "../e2e/_cli.ts";
import { deviceImages } from "./_adb_device.ts";
import { FalseDaemon } from "./_false_daemon.ts";
import { host, openAdb, Rig, scratch, SHORT } from "./_rig.ts";

const images = await deviceImages();
const reason = "reason" in images ? images.reason : undefined;
if (reason !== undefined) console.log(`tests/device/cli_test.ts is skipped: ${reason}`);

const store = storeRoot(host);

/** SwiftShader's folder, where the main job has been built: the rest takes seconds then. */
async function builtDriver(): Promise<string | undefined> {
  const project = await loadProject(host, REPOSITORY);
  const values = { logFormat: "plain", engine: "auto", jobs: 1 } as const;
  const engine = openEngine(host, project, values, () => {});
  const job = mainJob(project, {
    models: ["mobilenet_v2"],
    weights: "seeded",
    runtime: "vkforge",
    samples: 1,
  });
  const plan = engine.plan(job.targets);
  const needed = [job.runtime.runner, job.runtime.plugin, job.swiftshader];
  const isBuilt = needed.every((step) => plan.some((one) => one.step === step && one.status === "hit"));
  const id = plan.find(({ step }) => step === job.swiftshader)?.id;
  const manifest = isBuilt && id !== undefined ? engine.store.hit(id) : undefined;
  return manifest === undefined ? undefined : join(engine.folderOf(manifest), "lib");
}

/** A process that locks the file it is given, until it is killed. */
const HOLD = `
const file = Deno.openSync(Deno.args[0], { read: true, write: true, create: true });
file.lockSync(true);
console.log("locked");
setInterval(() => {}, 1_000);
`;

const driver = reason === undefined ? await builtDriver() : undefined;
if (reason === undefined && driver === undefined) {
  console.log("tests/device/cli_test.ts: real models are skipped: run `deno task test-swiftshader` first");
}

describe.skipIf(reason !== undefined)("test-device without a device it can use", () => {
  let folder: string;
  let adb: Adb;
  const testDevice = (...args: readonly string[]) =>
    cli(["test-device", "--json", "--model", "mobilenet_v2", ...args], {
      store,
      env: { ANDROID_ADB_SERVER_PORT: String(adb.port), HOME: join(folder, "home") },
    });
  const failureOf = (run: CliRun) => ({ code: run.code, ...documentOf(run).error });

  beforeAll(async () => {
    if ("reason" in images) return;
    folder = scratch();
    adb = await openAdb(images, folder);
  });

  afterAll(async () => {
    await adb?.close();
    Deno.removeSync(folder, { recursive: true });
  });

  it("no device, and one that is not there, are exit code 3", async () => {
    expect(failureOf(await testDevice())).toMatchObject({
      code: "source-unavailable",
      subject: "no-device",
      message: "Cannot find a device: adb sees none",
      hint: expect.stringContaining("USB debugging"),
    });
    const named = await testDevice("--target", "adb:R58M12");
    expect(named.code).toBe(3);
    expect(documentOf(named).error.message).toBe('Cannot find the device "R58M12"');
  });

  it("a device that trusts nobody, one that is silent, and two without a name", async () => {
    const refuses = await FalseDaemon.open("refuses");
    await adb.run(["connect", refuses.address], SHORT);
    const run = await testDevice();
    expect(run.code).toBe(3);
    expect(documentOf(run).error).toMatchObject({
      subject: "unauthorized",
      message: `The device "${refuses.address}" does not trust this computer`,
    });
    const silent = await FalseDaemon.open("silent");
    await adb.run(["connect", silent.address], { ...SHORT, timeoutMs: 1_000 });
    const two = await testDevice();
    expect(two.code).toBe(2);
    expect(documentOf(two).error).toMatchObject({
      subject: "ambiguous",
      message: "Cannot choose between 2 devices",
      hint: expect.stringContaining("--target adb:127.0.0.1:"),
    });
    const offline = await testDevice("--target", `adb:${silent.address}`);
    expect(offline.code).toBe(3);
    expect(documentOf(offline).error.subject).toBe("offline");
    await refuses.close();
    await silent.close();
  });

  it("a host that cannot be reached is exit code 3, a target that is none is 2", async () => {
    const ssh = await testDevice("--target", "ssh:127.0.0.1:1");
    expect(ssh.code).toBe(3);
    expect(documentOf(ssh).error).toMatchObject({ subject: "unreachable" });
    expect((await testDevice("--target", "phone")).code).toBe(2);
    expect((await testDevice("--target", "ssh:-oProxyCommand=x")).code).toBe(2);
  });

  it("import-result tells of folders that are no bundles, that did not run, and of a future schema", async () => {
    const importResult = (path: string) => cli(["import-result", "--json", path], { store });
    const bundle = join(folder, "bundle");
    host.fs.mkdir(bundle);
    expect(failureOf(await importResult(bundle))).toMatchObject({ code: "usage" });
    host.fs.writeFile(join(bundle, "manifest.json"), '{"schema":2}');
    expect(documentOf(await importResult(bundle)).error.message).toBe(
      `Cannot import "${bundle}": it has no out`,
    );
    host.fs.mkdir(join(bundle, "out"));
    const future = await importResult(bundle);
    expect(future.code).toBe(1);
    expect(documentOf(future).error).toMatchObject({
      message: `Cannot read "${join(bundle, "manifest.json")}": schema 2 is not known`,
      hint: expect.stringContaining("import the folder with the vkforge that made it"),
    });
  });
});

describe.skipIf(reason !== undefined)("test-device with a device that it cannot use now", () => {
  let rig: Rig;
  const testDevice = () =>
    cli(["test-device", "--json", "--model", "mobilenet_v2", "--target", `adb:${rig.proxy.address}`], {
      store,
      env: { ANDROID_ADB_SERVER_PORT: String(rig.adb.port), HOME: join(rig.folder, "home") },
    });

  beforeAll(async () => {
    if ("reason" in images) return;
    const getprop = "#!/bin/sh\n[ $1 = ro.product.cpu.abilist ] && echo mips64,mips\n";
    rig = await Rig.open(images, { programs: { getprop } });
  });

  afterAll(async () => await rig?.[Symbol.asyncDispose]());

  it("an ABI that there is no runner for is exit code 3, before anything is built or sent", async () => {
    const run = await testDevice();
    expect(run.code, run.stderr).toBe(3);
    expect(documentOf(run).error).toMatchObject({
      subject: "wrong-abi",
      message: `There is no runner for the device "${rig.proxy.address}": Android on mips64, Android on mips`,
      hint: expect.stringContaining("arm64-v8a"),
    });
    expect(host.fs.readDir(join(rig.device.data, "vkforge", "bundle"))).toEqual([]);
  });

  it("a device that another command uses is exit code 3, and free when that one was killed", async () => {
    const devices = join(store, "devices");
    host.fs.mkdir(devices);
    const path = join(devices, `adb-${rig.proxy.address.replace(":", "_")}`);
    const holder = new Deno.Command(Deno.execPath(), {
      args: ["eval", HOLD, path],
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const reader = holder.stdout.getReader();
    await reader.read();
    const run = await testDevice();
    expect(run.code, run.stderr).toBe(3);
    expect(documentOf(run).error).toMatchObject({
      subject: "busy",
      message: `The device "${rig.proxy.address}" is in use by another vkforge`,
      hint: expect.stringContaining("Wait until that one has ended"),
    });
    holder.kill("SIGKILL");
    await holder.status;
    await reader.cancel();
    expect(documentOf(await testDevice()).error.subject).toBe("wrong-abi");
  });
});

describe.skipIf(driver === undefined)("test-device on a device with a Vulkan driver of its own", () => {
  let rig: Rig;
  let own: string;
  let results: string;
  const args = (...more: readonly string[]) => [
    ...["test-device", "--json", "--model", "mobilenet_v2", "--iterations", "1", "--warmup", "1"],
    ...["--samples", "1", "--target", `adb:${rig.proxy.address}`, "--results", results, ...more],
  ];
  const options = () => ({
    store,
    env: { ANDROID_ADB_SERVER_PORT: String(rig.adb.port), HOME: join(rig.folder, "home") },
  });
  /** One that its test did not see to the end must not go on. */
  const commands: RunningCli[] = [];
  const start = (...words: Parameters<typeof startCli>) => {
    const command = startCli(...words);
    commands.push(command);
    return command;
  };
  const resultIn = (folder: string) => JSON.parse(Deno.readTextFileSync(join(folder, "result.json")));

  beforeAll(async () => {
    if ("reason" in images || driver === undefined) return;
    // Under another name: drivers in software are passed over.
    own = scratch();
    host.fs.copyFile(join(driver, "libvk_swiftshader.so"), join(own, "libvk_swiftshader.so"));
    host.fs.copyFile(join(driver, "vk_swiftshader_icd.json"), join(own, "gpu_icd.json"));
    rig = await Rig.open(images, { vulkan: own });
    results = join(rig.folder, "results");
  });

  afterEach(async () => {
    for (const { pid, result } of commands.splice(0)) {
      try {
        Deno.kill(-pid, "SIGKILL");
      } catch {
        // It has ended, as it should.
      }
      await result;
    }
  });

  afterAll(async () => {
    await rig?.[Symbol.asyncDispose]();
    Deno.removeSync(own, { recursive: true });
  });

  it("runs the models, records the device, and keeps the files for the next time", async () => {
    const run = await cli(args(), options());
    expect(run.code, run.stderr).toBe(0);
    const { resultDir, models } = documentOf(run);
    expect(models).toMatchObject([{ name: "mobilenet_v2", ok: true }]);
    const result = resultIn(resultDir);
    expect(result).toMatchObject({
      command: "test-device",
      ok: true,
      complete: true,
      target: { name: "adb", address: rig.proxy.address },
      device: { name: expect.stringContaining("SwiftShader"), software: true },
      evidence: { transport: "adb", profile: "stock", reconnects: 0, identity: { machine: "x86_64" } },
    });
    expect(result.evidence.during.length).toBeGreaterThan(3);
    expect(host.fs.readDir(join(rig.device.data, "vkforge", "runs"))).toEqual([]);
    expect(host.fs.lstat(join(rig.device.data, "vkforge", "bundle", "bin", "vkforge-runner"))).toBeDefined();
  });

  it("takes the device of a command that was killed, and ends what runs there when it is interrupted", async () => {
    const long = args("--iterations", "100000");
    const runs = () => {
      const folder = join(rig.device.data, "vkforge", "runs");
      // The next session removes it and makes it anew.
      return host.fs.lstat(folder) === undefined ? [] : host.fs.readDir(folder).map(({ name }) => name);
    };
    const session = () => Deno.readTextFileSync(join(rig.device.data, "vkforge", "session")).split(" ")[0];
    const killed = start(long, options());
    await rig.untilThere("vkforge/runs/1-*/pid");
    const [first, firstRuns] = [session(), runs()];
    Deno.kill(-killed.pid, "SIGKILL");
    await killed.result;

    const running = start(long, options());
    await until("the second command runs a model", () => runs().some((name) => !firstRuns.includes(name)));
    expect(session()).not.toBe(first);
    expect(runs()).toHaveLength(1);
    Deno.kill(running.pid, "SIGINT");
    expect((await running.result).code).toBe(130);
    expect(runs()).toEqual([]);
    expect(host.fs.lstat(join(rig.device.data, "vkforge", "session"))).toBeUndefined();
    expect(await rig.processes("vkforge-runner")).toEqual([]);
    // Neither did they leave anything here.
    expect(host.fs.readDir(join(store, "devices")).filter(({ name }) => name.includes(first!))).toEqual([]);
  });

  it("tells of a device that is restarted in the middle, and keeps what was measured", async () => {
    const running = start(args(), options());
    await rig.untilThere("vkforge/runs/2-*/pid");
    await rig.device.kill();
    rig.proxy.cut();
    await rig.device.boot();
    const run = await running.result;
    expect(run.code, run.stderr).toBe(3);
    const { error } = documentOf(run);
    expect(error).toMatchObject({ subject: "restarted", hint: expect.stringContaining("measure again") });
    const result = resultIn(/marked as incomplete: (\S+)/.exec(error.detail.join(" "))![1]!);
    expect(result).toMatchObject({ ok: false, complete: false });
    expect(result.evidence.notes.at(-1)).toBe(error.message);
    expect(host.fs.readDir(join(rig.device.data, "vkforge", "runs"))).toEqual([]);
    expect(host.fs.lstat(join(rig.device.data, "vkforge", "session"))).toBeUndefined();
  });

  it("sends no file again, keeps what was measured when the device goes, and tells so", async () => {
    const before = rig.proxy.bytes;
    const running = start(args("--reconnect", "1"), options());
    await rig.untilThere("vkforge/runs/1-*/pid");
    expect(rig.proxy.bytes - before).toBeLessThan(65_536);
    await rig.untilThere("vkforge/runs/2-*/pid");
    await rig.device.kill();
    await rig.proxy.close();
    const run = await running.result;
    expect(run.code, run.stderr).toBe(3);
    expect(documentOf(run).error.subject).toBe("connection-lost");
    const kept = /marked as incomplete: (\S+)/.exec(documentOf(run).error.detail.join(" "))?.[1];
    const result = resultIn(kept!);
    expect(result).toMatchObject({ ok: false, complete: false });
    expect(result.models[0].arms.flatMap(({ runs }: { runs: unknown[] }) => runs)).toHaveLength(1);
  });
});
