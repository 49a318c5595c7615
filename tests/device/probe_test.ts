/**
 * The first look at a machine that is not as it should be.
 */
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { probe } from "../../measure/targets/probe.ts";
import { LocalTransport } from "./_local_transport.ts";
import { host, scratch, SHORT } from "./_rig.ts";

let folder: string;

describe("probe()", () => {
  beforeEach(() => {
    folder = scratch();
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  /** A machine that has these programs and no others. */
  const machine = (programs: readonly string[]) => {
    const bin = join(folder, "bin");
    host.fs.mkdir(bin);
    for (const name of programs) {
      const path = ["/usr/bin", "/bin"].map((place) => join(place, name)).find((one) => host.fs.lstat(one))!;
      host.fs.symlink(path, join(bin, name));
    }
    return new LocalTransport(["/usr/bin/env", "-i", `PATH=${bin}`, `HOME=${folder}`, "/bin/sh"]);
  };
  const ALL = ["sha256sum", "setsid", "find", "sed", "mkdir", "df", "chmod", "rm", "uname"];

  it("finds a place in the home folder of a Linux", async () => {
    const found = await probe(machine(ALL), undefined, SHORT);
    expect(found.folder).toBe(join(folder, ".cache/vkforge-device"));
    expect(found.freeBytes).toBeGreaterThan(0);
  });

  it("names the programs that are not there", async () => {
    const few = ALL.filter((name) => name !== "setsid" && name !== "sha256sum");
    await expect(probe(machine(few), undefined, SHORT)).rejects.toMatchObject({
      problem: "missing-tools",
      code: "source-unavailable",
      message: 'The device "here" lacks sha256sum, setsid',
      hint: expect.stringContaining("coreutils"),
    });
  });

  it("tells of a folder that nothing can be put into", async () => {
    await expect(probe(machine(ALL), "/proc/none", SHORT)).rejects.toMatchObject({
      problem: "no-place",
      message: 'Cannot put programs into "/proc/none" on the device "here" and start them',
      hint: expect.stringContaining("--device-folder"),
    });
  });
});
