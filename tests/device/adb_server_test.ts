/**
 * adb's server: whose it is, and that none stays.
 */
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Adb, adbOfImage } from "../../measure/targets/adb/adb.ts";
import { AdbTransport } from "../../measure/targets/adb/adb_transport.ts";
import { serverVersion } from "../../measure/targets/adb/server_version.ts";
import { DENO_DIR } from "../e2e/_cli.ts";
import { AdbDevice, deviceImages } from "./_adb_device.ts";
import { adbHome, freePort, host, openAdb, scratch, SHORT } from "./_rig.ts";
import { Proxy } from "./_proxy.ts";

const images = await deviceImages();
const reason = "reason" in images ? images.reason : undefined;
if (reason !== undefined) console.log(`tests/device/adb_server_test.ts is skipped: ${reason}`);

describe.skipIf(reason !== undefined)("adb's server", () => {
  let folder: string;
  const adbImage = "reason" in images ? "" : images.adb;

  beforeEach(() => {
    folder = scratch();
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  /** An adb with a server on this port, that one's or its own. */
  const openOn = (port: number) => {
    const own = adbHome(folder);
    return Adb.open({ host: own, program: adbOfImage(own, adbImage), port }, SHORT.signal);
  };
  const untilGone = async (port: number) => {
    for (let tries = 0; await serverVersion(port) !== undefined; tries++) {
      if (tries > 200) throw new Error("The server stays");
      await host.clock.sleep(50);
    }
  };

  it("ends with the command that started it, also where that is killed", async () => {
    const port = await freePort();
    const command = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-check", "-A"],
        ...[join(import.meta.dirname!, "_hold_adb.ts"), adbImage, String(port)],
      ],
      env: { HOME: folder, DENO_DIR, DENO_NO_UPDATE_CHECK: "1" },
      stdout: "piped",
    }).spawn();
    const reader = command.stdout.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("open\n");
    expect(await serverVersion(port)).toBeGreaterThan(30);
    command.kill("SIGKILL");
    await command.status;
    await reader.cancel();
    await untilGone(port);
  });

  it("is used where there is one, and left to whoever started it", async () => {
    const port = await freePort();
    const first = await openOn(port);
    const second = await openOn(port);
    await second.close();
    expect(await serverVersion(port)).toBeDefined();
    await first.close();
    await untilGone(port);
  });

  it("is started by one of two commands that begin at the same time", async () => {
    const port = await freePort();
    const both = await Promise.all([openOn(port), openOn(port)]);
    expect(await serverVersion(port)).toBeDefined();
    for (const adb of both) await adb.close();
    await untilGone(port);
  });

  it("is started anew where the one in use ended with another command", async () => {
    if ("reason" in images) return;
    const port = await freePort();
    const other = await openOn(port);
    const adb = await openOn(port);
    await using device = await AdbDevice.start({ images, folder });
    await using proxy = await Proxy.open(device.socketPath);
    await adb.run(["connect", proxy.address], SHORT);
    const transport = new AdbTransport(adb, proxy.address);
    expect(await transport.shell("echo here", SHORT)).toEqual({ code: 0, output: "here\n" });
    await other.close();
    await untilGone(port);
    for (let tries = 0;; tries++) {
      const isThere = await transport.reconnect(SHORT).then(() => true, () => false);
      if (isThere) break;
      if (tries > 50) throw new Error("The device was not found again");
      await host.clock.sleep(100);
    }
    expect(await transport.shell("echo again", SHORT)).toEqual({ code: 0, output: "again\n" });
    await adb.close();
    await untilGone(port);
  });

  it("that cannot be started is told of, with what adb said", async () => {
    const port = await freePort();
    const listener = Deno.listen({ hostname: "127.0.0.1", port });
    void (async () => {
      for await (const connection of listener) connection.close();
    })();
    const error = await openOn(port).then(() => undefined, (error) => error);
    expect(error).toMatchObject({
      problem: "no-adb",
      message: `Cannot start adb's server on port ${port}`,
      hint: expect.stringContaining("ANDROID_ADB_SERVER_PORT"),
    });
    expect(error.detail.join()).toContain("in use");
    listener.close();
  });

  it("is kept apart by its port", async () => {
    if ("reason" in images) return;
    const [one, two] = [await openAdb(images, folder), await openAdb(images, folder)];
    expect(one.port).not.toBe(two.port);
    await one.close();
    expect(await serverVersion(two.port)).toBeDefined();
    await two.close();
  });
});
