/**
 * Running on a device through adb, with the real adbd and the real adb; only the model is a script.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DeviceError } from "../../measure/targets/device_error.ts";
import { probe } from "../../measure/targets/probe.ts";
import { deviceImages } from "./_adb_device.ts";
import { scriptBundle, SUCCEED } from "./_bundle.ts";
import { host, problemOf, request, Rig, SHORT } from "./_rig.ts";

const images = await deviceImages();
const reason = "reason" in images ? images.reason : undefined;
if (reason !== undefined) console.log(`tests/device/adb_test.ts is skipped: ${reason}`);

/** Appends a line to a file of the device each time it runs. */
const COUNTED = `echo once >> /data/local/tmp/counted\n${SUCCEED}`;

describe.skipIf(reason !== undefined)("a device through adb", () => {
  let rig: Rig;
  let number = 0;
  const out = () => join(rig.folder, "out", String(++number));
  const bundleOf = (models: Readonly<Record<string, string>>, extra?: Readonly<Record<string, string>>) =>
    scriptBundle(join(rig.folder, `bundle-${++number}`), models, extra);

  beforeAll(async () => {
    if ("reason" in images) return;
    rig = await Rig.open(images, { programs: ANDROID });
  });

  afterAll(async () => await rig?.[Symbol.asyncDispose]());

  it("probe() finds where programs can be started, and Android's ABIs", async () => {
    expect(await probe(rig.transport(), undefined, SHORT)).toEqual({
      folder: "/data/local/tmp/vkforge",
      freeBytes: expect.any(Number),
      platforms: [{ abi: "arm64-v8a", libc: "bionic" }, { abi: "armeabi-v7a", libc: "bionic" }],
    });
    expect(await problemOf(probe(rig.transport(), "/proc/none", SHORT))).toBe("no-place");
  });

  it("runs a model and takes its files back; an unchanged bundle moves less than 64 KB", async () => {
    const bundle = bundleOf({ ok: SUCCEED, large: "#".repeat(300_000) });
    const target = rig.target(bundle);
    await target.prepare();
    expect(await target.push()).toEqual({ files: 6, pushedFiles: 6, pushedBytes: expect.any(Number) });
    const before = rig.proxy.bytes;
    expect(await target.push()).toEqual({ files: 6, pushedFiles: 0, pushedBytes: 0 });
    expect(rig.proxy.bytes - before).toBeLessThan(65_536);

    const folder = out();
    const { runner, wallMs } = await target.run(request(bundle, folder, { threads: 5 }));
    expect(runner).toMatchObject({ ok: true, threads: 5 });
    expect(wallMs).toBeGreaterThanOrEqual(0);
    expect(Deno.readTextFileSync(join(folder, "output0.bin"))).toBe("5");
    expect([...Deno.readDirSync(join(rig.device.data, "vkforge", "runs"))]).toEqual([]);

    await target.clean({ keepFiles: false });
    expect([...Deno.readDirSync(rig.device.data)].map(({ name }) => name)).toEqual([]);
  });

  it("sends a changed file, and only that", async () => {
    const folder = join(rig.folder, "changing");
    const first = scriptBundle(folder, { ok: SUCCEED });
    const target = rig.target(first);
    await target.prepare();
    await target.push();
    const again = rig.target(scriptBundle(folder, { ok: `${SUCCEED}\n# changed` }));
    await again.prepare();
    expect(await again.push()).toMatchObject({ pushedFiles: 1 });
  });

  it("a runner that fails is a result of the model, with what it said", async () => {
    const bundle = bundleOf({ fails: "echo this is why >&2; exit 3\n" });
    const target = rig.target(bundle);
    await target.prepare();
    await target.push();
    const { runner } = await target.run(request(bundle, out(), { model: "fails" }));
    expect(runner).toMatchObject({ ok: false, failure: { code: "internal", detail: "this is why" } });
    expect(runner.failure?.message).toContain("exit code 3");
  });

  it("goes on with a process that runs when the connection is lost, and starts it once", async () => {
    const bundle = bundleOf({ slow: `sleep 1\n${COUNTED}` });
    const target = rig.target(bundle);
    await target.prepare();
    await target.push();
    const running = target.run(request(bundle, out(), { model: "slow" }));
    await rig.untilThere("vkforge/runs/1-*/pid");
    rig.proxy.cut();
    expect((await running).runner.ok).toBe(true);
    expect(target.reconnects).toBeGreaterThan(0);
    expect(Deno.readTextFileSync(join(rig.device.data, "counted"))).toBe("once\n");
    Deno.removeSync(join(rig.device.data, "counted"));
  });

  it("ends what an earlier session left running, and removes what it wrote", async () => {
    const bundle = bundleOf({ endless: "sleep 1000\n" });
    const stop = new AbortController();
    const lost = rig.target(bundle, { signal: stop.signal });
    await lost.prepare();
    await lost.push();
    const running = lost.run(request(bundle, out(), { model: "endless" }));
    await rig.untilThere("vkforge/runs/1-*/pid");
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: "interrupted" });
    const runner =
      async () => [...await rig.processes("vkforge runs/"), ...await rig.processes("vkforge-runner")];
    while ((await runner()).length < 2) await host.clock.sleep(50);
    await rig.target(bundle).prepare();
    expect(await runner()).toEqual([]);
    expect([...Deno.readDirSync(join(rig.device.data, "vkforge", "runs"))]).toEqual([]);
  });

  it("tells of a device that is restarted while a model runs", async () => {
    const bundle = bundleOf({ endless: "sleep 1000\n" });
    const target = rig.target(bundle);
    await target.prepare();
    await target.push();
    const running = problemOf(target.run(request(bundle, out(), { model: "endless" })));
    await rig.untilThere("vkforge/runs/1-*/pid");
    await rig.device.kill();
    rig.proxy.cut();
    await rig.device.boot();
    expect(await running).toBe("restarted");
  });

  it("tells of a process that does not end in its time, and ends it", async () => {
    const bundle = bundleOf({ endless: "sleep 1000\n" });
    const target = rig.target(bundle, { timeoutMs: 100, watchMs: 100 });
    await target.prepare();
    await target.push();
    expect(await problemOf(target.run(request(bundle, out(), { model: "endless" })))).toBe("busy");
    await target.clean({ keepFiles: false });
    expect(await rig.processes("vkforge-runner")).toEqual([]);
  });

  it("tells of a device that stays away, after the time it was given", async () => {
    const bundle = bundleOf({ ok: SUCCEED });
    const target = rig.target(bundle, { reconnectMs: 300, answerMs: 2_000 });
    await target.prepare();
    await rig.device.kill();
    rig.proxy.cut();
    expect(await problemOf(target.push())).toBe("connection-lost");
    await rig.device.boot();
    await rig.reconnect();
  });

  it("tells of a device without a Vulkan driver, and of one with another processor", async () => {
    const loaders = { "libc/ld-linux-x86-64.so.2": "" };
    const noDriver = rig.target(bundleOf({ ok: SUCCEED }, loaders));
    await noDriver.prepare();
    await noDriver.push();
    expect(await problemOf(noDriver.describe())).toBe("no-vulkan");
    await noDriver.clean({ keepFiles: false });

    const other = { "libc/ld-linux-aarch64.so.1": "", "driver/vk_swiftshader_icd.json": "{}" };
    const wrongAbi = rig.target(bundleOf({ ok: SUCCEED }, other));
    await wrongAbi.prepare();
    await wrongAbi.push();
    expect(await problemOf(wrongAbi.describe())).toBe("wrong-abi");
    await wrongAbi.clean({ keepFiles: false });

    const broken = rig.target(bundleOf({ describe: "" }, { "describe-fails": "" }));
    await broken.prepare();
    await broken.push();
    expect(await problemOf(broken.describe())).toBe("no-vulkan");
  });

  it("records what the device is and how it does, before, between and after", async () => {
    const bundle = bundleOf({ ok: SUCCEED });
    const target = rig.target(bundle);
    await target.prepare();
    await target.push();
    await target.describe();
    await target.run(request(bundle, out()));
    const evidence = await target.describe();
    expect(evidence.identity).toMatchObject({
      fingerprint: "maker/product/device:14/BUILD/1:user/release-keys",
      soc: "SoC 1",
      vulkan_driver: "adreno",
      processors: expect.stringMatching(/^\d+$/),
    });
    expect(evidence.versions).toMatchObject({ adb: expect.stringContaining("34.") });
    const state = {
      thermalStatus: 0,
      battery: { percent: 77, charging: true, temperature: 31.5 },
      screenOn: true,
    };
    expect(evidence.before).toMatchObject(state);
    expect(evidence.during).toEqual([expect.objectContaining(state)]);
    expect(evidence.after).toMatchObject(state);
  });

  it("holds an Android device still for the profile lab, and lets it go again", async () => {
    const bundle = bundleOf({ ok: SUCCEED });
    const target = rig.target(bundle, { profile: "lab" });
    await target.prepare();
    expect(target.evidence().notes).toEqual([
      "Fixed-performance mode was on: lower clocks than usual, but steady ones",
      "The screen was kept on",
      "Airplane mode is off: radios can disturb the measurement",
    ]);
    await target.clean({ keepFiles: true });
    expect(Deno.readTextFileSync(join(rig.device.data, "said")).trim().split("\n")).toEqual([
      "cmd power set-fixed-performance-mode-enabled true",
      "svc power stayon true",
      "cmd power set-fixed-performance-mode-enabled false",
      "settings put global stay_on_while_plugged_in 3",
    ]);
  });

  it("waits while the device is hot, and says so where it stays hot", async () => {
    const bundle = bundleOf({ ok: SUCCEED });
    Deno.writeTextFileSync(join(rig.device.data, "hot"), "");
    const notes: string[] = [];
    const target = rig.target(bundle, { coolDownMs: 1_000, onNote: (note) => notes.push(note) });
    await target.prepare();
    await target.push();
    await target.describe();
    expect((await target.run(request(bundle, out()))).runner.ok).toBe(true);
    expect(notes).toEqual(["waiting for the device to cool down: its thermal status is 2"]);
    expect(target.evidence().notes).toEqual([
      "Measured on a warm device: its thermal status is 2 after 1 s of waiting",
    ]);
    Deno.removeSync(join(rig.device.data, "hot"));
  });
});

describe.skipIf(reason !== undefined)("a device with little space", () => {
  it("is told of before files are sent", async () => {
    if ("reason" in images) return;
    await using rig = await Rig.open(images, { sizeBytes: 1_000_000 });
    const bundle = scriptBundle(join(rig.folder, "bundle"), { large: "#".repeat(2_000_000) });
    const target = rig.target(bundle);
    await target.prepare();
    const before = rig.proxy.bytes;
    const error = await target.push().then(() => undefined, (error) => error);
    expect(error).toBeInstanceOf(DeviceError);
    expect(error).toMatchObject({ problem: "no-space", code: "source-unavailable" });
    expect(error.message).toMatch(/^No space on the device ".*" for 2 MiB$/);
    expect(rig.proxy.bytes - before).toBeLessThan(10_000);
    // Something else may take the space meanwhile: then adb says so.
    const large = join(rig.folder, "bundle", "models/m/large");
    expect(await problemOf(rig.transport().send([large], "/data/local/tmp", SHORT))).toBe("no-space");
  });
});

describe.skipIf(reason !== undefined)("a device that runs full while it is measured", () => {
  let rig: Rig;
  let number = 0;

  beforeAll(async () => {
    if ("reason" in images) return;
    rig = await Rig.open(images, { sizeBytes: 1_000_000 });
  });

  afterAll(async () => await rig?.[Symbol.asyncDispose]());

  it.each([
    ["fails", `head -c 2000000 /dev/zero > "$out/large" || exit 3\n`],
    ["dies of it", `head -c 2000000 /dev/zero > "$out/large"; kill -9 $PPID $$\n`],
    ["says so", `echo "Cannot write output0.bin: No space left on device" >&2; exit 1\n`],
  ])("a runner that %s is no failure of the model", async (_what, text) => {
    const bundle = scriptBundle(join(rig.folder, `bundle-${++number}`), { ok: SUCCEED, full: text });
    const target = rig.target(bundle);
    await target.prepare();
    await target.push();
    const out = (name: string) => join(rig.folder, "out", `${number}-${name}`);
    expect((await target.run(request(bundle, out("ok")))).runner.ok).toBe(true);
    const error = await target.run(request(bundle, out("full"), { model: "full" }))
      .then(() => undefined, (error) => error);
    expect(error).toMatchObject({
      problem: "no-space",
      message: expect.stringMatching(/^The device ".*" ran out of space while a model ran$/),
      hint: expect.stringContaining("--device-folder"),
    });
    await target.clean({ keepFiles: false });
    expect((await rig.transport().shell("ls -A /data/local/tmp", SHORT)).output).toBe("");
  });

  it("is told of at the first look where it is full already", async () => {
    const shell = (script: string) => rig.transport().shell(script, SHORT);
    await shell("head -c 2000000 /dev/zero > /data/local/tmp/all");
    for (const folder of ["/data/local/tmp/vkforge", "/data/local/tmp/a/b"]) {
      const error = await probe(rig.transport(), folder, SHORT).then(() => undefined, (error) => error);
      expect(error).toMatchObject({
        problem: "no-space",
        message: `No space is left in "${folder}" on the device "${rig.proxy.address}"`,
      });
    }
    await shell("rm -r /data/local/tmp/*");
  });
});

/** Programs of Android that the device's root does not have. They write down what they were asked to change. */
const ANDROID = {
  getprop: `#!/bin/sh
case $1 in
  ro.build.fingerprint) echo maker/product/device:14/BUILD/1:user/release-keys ;;
  ro.product.cpu.abilist) echo arm64-v8a,armeabi-v7a ;;
  ro.soc.model) echo SoC 1 ;;
  ro.hardware.vulkan) echo adreno ;;
esac
`,
  dumpsys: `#!/bin/sh
case $1 in
  thermalservice) echo "IsStatusOverride: false"; [ -e /data/local/tmp/hot ] && echo "Thermal Status: 2" || echo "Thermal Status: 0" ;;
  battery) printf 'Current Battery Service state:\\n  AC powered: true\\n  status: 2\\n  level: 77\\n  temperature: 315\\n' ;;
  power) printf 'POWER MANAGER\\n  mWakefulness=Awake\\n' ;;
esac
`,
  settings: `#!/bin/sh
case "$1 $3" in
  "get stay_on_while_plugged_in") echo 3 ;;
  "get airplane_mode_on") echo 0 ;;
  *) echo "settings $*" >> /data/local/tmp/said ;;
esac
`,
  svc: `#!/bin/sh\necho "svc $*" >> /data/local/tmp/said\n`,
  cmd: `#!/bin/sh\necho "cmd $*" >> /data/local/tmp/said\n`,
  input: "#!/bin/sh\n",
};
