/**
 * test-device and import-result as a user starts them.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Adb } from "../../measure/targets/adb/adb.ts";
import { loadProject, mainJob } from "../../recipes/project.ts";
import { openEngine, REPOSITORY, storeRoot } from "../../tasks/_session.ts";
import { cli, type CliRun, documentOf, startCli } from "../e2e/_cli.ts";
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
    expect(future.code).not.toBe(0);
    expect(documentOf(future).error.message).toMatch(/schema 2 is not known/);
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

  it("ends what runs on the device when it is interrupted", async () => {
    const running = startCli(args("--iterations", "100000"), options());
    await rig.untilThere("vkforge/runs/1-*/pid");
    Deno.kill(running.pid, "SIGINT");
    expect((await running.result).code).toBe(130);
    expect(host.fs.readDir(join(rig.device.data, "vkforge", "runs"))).toEqual([]);
    expect(await rig.processes("vkforge-runner")).toEqual([]);
  });

  it("sends no file again, keeps what was measured when the device goes, and tells so", async () => {
    const before = rig.proxy.bytes;
    const running = startCli(args("--reconnect", "1"), options());
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
