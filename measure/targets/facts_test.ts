import { describe, expect, it } from "vitest";
import { identityOf, readFacts, stateOf } from "./facts.ts";
import { scriptPath } from "./scripts/mod.ts";

const NOW = new Date("2026-01-02T03:04:05Z");

describe("readFacts()", () => {
  it("reads lines key=value, several of a key, and leaves others out", () => {
    const facts = readFacts("a=1\nnot a fact\nb=x=y\na=2\nempty=\nnone=null\nlog said=this\n");
    expect(facts).toEqual(new Map([["a", ["1", "2"]], ["b", ["x=y"]]]));
  });
});

describe("stateOf()", () => {
  it("gives units that are plain: degrees, hertz, percent", () => {
    const facts = readFacts(`at=2026-01-01T00:00:00Z
temperature.cpu-0.3=41500
temperature.skin.4=38
temperature.asleep.5=-274000
cpu.policy0.scaling_governor=schedutil
cpu.policy0.scaling_cur_freq=1800000
cpu.policy4.scaling_max_freq=2840000
gpu.hz=585000000
gpu.governor=msm-adreno-tz
thermal_status=1
battery.percent=80
battery.decidegrees=305
battery.status=3
screen=Dozing
load=0.5
`);
    expect(stateOf(facts, NOW)).toEqual({
      at: "2026-01-01T00:00:00Z",
      thermalStatus: 1,
      temperatures: { "cpu-0.3": 41.5, "skin.4": 38 },
      cpus: [
        { policy: "policy0", governor: "schedutil", currentHz: 1.8e9 },
        { policy: "policy4", maxHz: 2.84e9 },
      ],
      gpu: { governor: "msm-adreno-tz", currentHz: 585e6 },
      battery: { percent: 80, charging: false, temperature: 30.5 },
      screenOn: false,
      load: 0.5,
    });
    expect(identityOf(facts)).toEqual({});
  });

  it("leaves out what a machine does not tell", () => {
    expect(stateOf(readFacts(""), NOW)).toEqual({ at: NOW.toISOString(), temperatures: {}, cpus: [] });
  });
});

describe("describe.sh", () => {
  it("tells of this machine, with any sh", async () => {
    const { stdout } = await new Deno.Command("/bin/sh", { args: [scriptPath("describe")] }).output();
    const facts = readFacts(new TextDecoder().decode(stdout));
    expect(identityOf(facts)).toMatchObject({
      kernel: expect.any(String),
      machine: Deno.build.arch,
      processors: expect.stringMatching(/^\d+$/),
      memory_kb: expect.stringMatching(/^\d+$/),
    });
    expect(stateOf(facts, NOW).at).toMatch(/^20\d\d-.*Z$/);
  });
});
