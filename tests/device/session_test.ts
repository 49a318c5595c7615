/**
 * Whose a device is: two sessions at a time, sessions that were killed, restarts.
 */
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Bundle } from "../../measure/targets/bundle.ts";
import { ConnectionLost } from "../../measure/targets/device_error.ts";
import type { DeviceSession } from "../../measure/targets/device_session.ts";
import { scriptBundle, SUCCEED } from "./_bundle.ts";
import { LocalTransport } from "./_local_transport.ts";
import { host, problemOf, request, scratch, targetOn, testSession } from "./_rig.ts";

/** Shells that devices have, as far as this machine has them: Android's own is none that Linux distributions bring. */
const SHELLS = [["/bin/dash"], ["/bin/bash"], ["/usr/bin/busybox", "sh"]].filter(([program]) =>
  host.fs.lstat(program!) !== undefined
);

for (const shell of SHELLS) {
  describe(`a device with ${shell.join(" ")} is one session's at a time`, () => {
    let folder: string;
    let device: string;
    let bundle: Bundle;
    let number = 0;

    beforeEach(() => {
      folder = scratch();
      device = join(folder, "device");
      bundle = scriptBundle(join(folder, "bundle"), { ok: SUCCEED });
    });

    afterEach(() => Deno.removeSync(folder, { recursive: true }));

    const open = (changes: Partial<DeviceSession> = {}) => {
      const transport = new LocalTransport(shell);
      const session = testSession({ hasEnded: () => false, ...changes });
      const workFolder = join(folder, `work-${++number}`);
      return {
        transport,
        session,
        target: targetOn(transport, bundle, { workFolder, folder: device, session }),
      };
    };
    const read = () => Deno.readTextFileSync(join(device, "session")).trim().split(" ");
    const write = (words: readonly string[]) =>
      Deno.writeTextFileSync(join(device, "session"), `${words.join(" ")}\n`);
    const out = () => join(folder, "out", String(++number));

    it("tells the second whose it is and for how long, and lets it work once the first has let go", async () => {
      const first = open({ owner: "ann@desk" });
      await first.target.prepare();
      await first.target.push();
      const second = open();
      const error = await second.target.prepare().then(() => undefined, (error) => error);
      expect(error).toMatchObject({
        problem: "busy",
        code: "source-unavailable",
        message: 'The device "here" is in use by a vkforge of ann@desk',
        hint: expect.stringMatching(/^Wait until .*; if it was killed, the device is free in \d+ s \(last/),
      });
      expect((await first.target.run(request(bundle, out()))).runner.ok).toBe(true);
      await first.target.clean({ keepFiles: true });
      await second.target.prepare();
      expect(read()[0]).toBe(second.session.id);
      await second.target.clean({ keepFiles: false });
      expect(host.fs.lstat(device)).toBeUndefined();
    });

    it("is another's at once where the one before is known to have ended, by that name and no other", async () => {
      const killed = open();
      await killed.target.prepare();
      const asked: string[] = [];
      const next = open({ hasEnded: (id) => asked.push(id) > 0 });
      await next.target.prepare();
      expect(asked).toEqual([killed.session.id]);
      expect(read()[0]).toBe(next.session.id);
    });

    it("is another's when there was no sign of life for long enough, or the device was restarted", async () => {
      await open().target.prepare();
      const [id, boot, since, seconds, owner] = read() as [string, string, string, string, string];
      const isFree = async (words: readonly string[]) => {
        write(words);
        return await problemOf(open().target.prepare()) === undefined;
      };
      const now = Number(since);
      expect(await isFree([id, boot, String(now), seconds, owner])).toBe(false);
      expect(await isFree([id, boot, String(now - Number(seconds) - 1), seconds, owner])).toBe(true);
      expect(await isFree([id, "another-boot", since, seconds, owner])).toBe(true);
      // A clock that went back, a file that was cut off or is no such file.
      expect(await isFree([id, boot, String(now + 10_000), seconds, owner])).toBe(true);
      expect(await isFree([id, boot])).toBe(true);
      expect(await isFree(["$(reboot)", boot, "1+a[0", "x"])).toBe(true);
      expect(await isFree([""])).toBe(true);
    });

    it("ends the first one's work where another took the device, and leaves that one's alone", async () => {
      const first = open();
      await first.target.prepare();
      await first.target.push();
      const second = open({ hasEnded: () => true, owner: "bob@desk" });
      await second.target.prepare();
      Deno.writeTextFileSync(join(device, "runs", "kept"), "");
      const error = await first.target.run(request(bundle, out())).then(() => undefined, (error) => error);
      expect(error).toMatchObject({
        problem: "busy",
        message: 'The device "here" is in use by a vkforge of bob@desk',
      });
      expect(await problemOf(first.target.clean({ keepFiles: false }))).toBe("busy");
      expect(host.fs.lstat(join(device, "runs", "kept"))).toBeDefined();
      expect(read()[0]).toBe(second.session.id);
    });

    it("is not measured on after a restart between two processes, and is cleaned up all the same", async () => {
      const { target } = open();
      await target.prepare();
      await target.push();
      expect((await target.run(request(bundle, out()))).runner.ok).toBe(true);
      const [id, , ...rest] = read();
      write([id!, "another-boot", ...rest]);
      expect(await problemOf(target.run(request(bundle, out())))).toBe("restarted");
      await target.clean({ keepFiles: false });
      expect(host.fs.lstat(device)).toBeUndefined();
    });

    it("is let go of once, whatever the connection does", async () => {
      const { target, transport } = open();
      await target.prepare();
      await target.push();
      // The script runs; that it did is not heard.
      const shell = transport.shell.bind(transport);
      let isLost = true;
      transport.shell = async (script, options) => {
        const result = await shell(script, options);
        if (host.fs.lstat(device) === undefined && isLost) {
          isLost = false;
          throw new ConnectionLost("cut");
        }
        return result;
      };
      await target.clean({ keepFiles: false });
      expect(isLost).toBe(false);
      expect(host.fs.lstat(device)).toBeUndefined();
    });
  });
}
