/**
 * Running on a machine through ssh, with the real sshd and ssh on loopback; only the model is a script.
 */
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { probe } from "../../measure/targets/probe.ts";
import { SshTransport } from "../../measure/targets/ssh/ssh_transport.ts";
import { scriptBundle, SUCCEED } from "./_bundle.ts";
import { host, problemOf, request, scratch, SHORT, targetOn } from "./_rig.ts";
import { trySshd } from "./_sshd.ts";

const folder = scratch();
const sshd = await trySshd(join(folder, "sshd"));
const reason = "reason" in sshd ? sshd.reason : undefined;
if (reason !== undefined) {
  console.log(`tests/device/ssh_test.ts is skipped: ${reason}`);
  Deno.removeSync(folder, { recursive: true });
}

describe.skipIf(reason !== undefined)("a machine through ssh", () => {
  const transports: SshTransport[] = [];
  const config = "reason" in sshd ? "" : sshd.config;
  const open = (destination: string) => {
    // A shared connection is found again by host and user, whatever the key.
    const workFolder = join(folder, String(transports.length));
    host.fs.mkdir(workFolder);
    const transport = SshTransport.open({ host, destination, configFile: config, workFolder });
    transports.push(transport);
    return transport;
  };

  afterAll(async () => {
    for (const transport of transports) await transport.close();
    if (!("reason" in sshd)) await sshd.close();
    Deno.removeSync(folder, { recursive: true });
  });

  it("gives output and the true exit code of a script with any characters in it", async () => {
    const transport = open("board");
    expect(await transport.shell(`echo "it's" '"so"' $((1 + 1)); exit 42`, SHORT)).toEqual({
      code: 42,
      output: `it's "so" 2\n`,
    });
    expect(await transport.versions(SHORT.signal)).toMatchObject({ ssh: expect.stringContaining("OpenSSH") });
  });

  it("runs a model in a folder of its own and leaves nothing", async () => {
    const bundle = scriptBundle(join(folder, "bundle"), { ok: SUCCEED });
    const transport = open("board");
    const found = await probe(transport, join(folder, "device"), SHORT);
    expect(found.platforms).toEqual([{ abi: Deno.build.arch, libc: "glibc" }]);
    const target = targetOn(transport, bundle, { workFolder: join(folder, "work"), folder: found.folder });
    await target.prepare();
    expect(await target.push()).toMatchObject({ pushedFiles: bundle.files.length });
    expect(await target.push()).toMatchObject({ pushedFiles: 0 });
    const out = join(folder, "out");
    expect((await target.run(request(bundle, out, { threads: 3 }))).runner).toMatchObject({
      ok: true,
      threads: 3,
    });
    expect(Deno.readTextFileSync(join(out, "output0.bin"))).toBe("3");
    expect((await target.describe()).identity).toMatchObject({ machine: Deno.build.arch });
    await target.clean({ keepFiles: false });
    expect(host.fs.lstat(found.folder)).toBeUndefined();
  });

  it("goes on with a process that runs when the connection is closed", async () => {
    const bundle = scriptBundle(join(folder, "slow"), { slow: `sleep 1\n${SUCCEED}` });
    const transport = open("board");
    const place = join(folder, "device2");
    const target = targetOn(transport, bundle, { workFolder: join(folder, "work2"), folder: place });
    await target.prepare();
    await target.push();
    const running = target.run(request(bundle, join(folder, "out2"), { model: "slow" }));
    while (!host.fs.readDir(join(place, "runs")).some(({ name }) => name.startsWith("1-"))) {
      await host.clock.sleep(20);
    }
    // The connection that all calls share.
    await transport.close();
    expect((await running).runner.ok).toBe(true);
    expect(target.reconnects).toBeGreaterThan(0);
    await target.clean({ keepFiles: false });
  });

  it("tells of a key that is not taken, and of a host that is not known", async () => {
    expect(await problemOf(open("stranger").shell("true", SHORT))).toBe("unauthorized");
    expect(await problemOf(open("no-such-host.invalid").shell("true", SHORT))).toBe("unreachable");
    await expect(open("127.0.0.1:1").shell("true", SHORT)).rejects.toThrow(/Connection refused/);
  });
});
