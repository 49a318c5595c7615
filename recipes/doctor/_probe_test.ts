import { describe, expect, it } from "vitest";
import { denoHost } from "../../engine/deno_host.ts";
import { fakeHost } from "./_fake_host.ts";
import { findProgram, probe } from "./_probe.ts";

describe("probe()", () => {
  it("gives what a real program said", async () => {
    const result = await probe(denoHost(), "sh", { args: ["-c", "echo out; echo err >&2; exit 3"] });
    expect(result).toEqual({ code: 3, stdout: "out\n", stderr: "err\n" });
  });

  it("passes on no environment but what is given", async () => {
    const result = await probe(denoHost(), "env", { args: [], env: { A: "b" } });
    expect(result?.stdout.trim().split("\n").sort()).toEqual(["A=b", "LC_ALL=C.UTF-8"]);
  });

  it("gives up on a program that does not answer, and ends it", async () => {
    const journal: string[] = [];
    const host = fakeHost({ programs: { docker: { hangs: true } }, journal });
    expect(await probe(host, "docker", { args: ["version"] })).toBeUndefined();
    expect(journal).toEqual(["end /usr/bin/docker"]);
  });

  it("gives nothing for a program that is not there", async () => {
    expect(await probe(fakeHost(), "docker", { args: [] })).toBeUndefined();
  });

  it("gives nothing for a program that cannot be started", async () => {
    const folder = Deno.makeTempDirSync();
    try {
      Deno.writeTextFileSync(`${folder}/tool`, "not a program", { mode: 0o644 });
      const host = { ...denoHost(), env: { get: () => folder } };
      expect(await probe(host, "tool", { args: [] })).toBeUndefined();
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
});

describe("findProgram()", () => {
  it("ignores relative folders of PATH", () => {
    expect(findProgram(fakeHost({ env: { PATH: ".:usr/bin" }, programs: { docker: {} } }), "docker"))
      .toBeUndefined();
  });
});
