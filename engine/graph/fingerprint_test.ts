import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { digestOf } from "../digest.ts";
import type { LockedSource } from "../lock/mod.ts";
import { testImage, testStep } from "./_testing.ts";
import { fingerprint, pinOf } from "./fingerprint.ts";
import { DEFAULT_RESOURCES, type Input, type Step } from "./step.ts";

const host = denoHost();
const source: LockedSource = { kind: "https", url: "https://example.org/a", sha256: digestOf("a") };
let repository: string;

/** The id of the last of the steps that a target needs. */
function idOf(step: Step): string {
  return fingerprint([step], { host, repository }).at(-1)!.id;
}

const files: Input = { kind: "files", folder: "src" };
const input = (name: string, from: Input) => testStep("a", { inputs: { [name]: from } });

describe("fingerprint()", () => {
  beforeEach(() => {
    repository = Deno.makeTempDirSync({ prefix: "vkforge-graph-" });
    Deno.mkdirSync(join(repository, "src", "deep"), { recursive: true });
    Deno.writeTextFileSync(join(repository, "src", "a.txt"), "a");
    Deno.writeTextFileSync(join(repository, "src", "deep", "b.txt"), "b");
  });

  afterEach(() => Deno.removeSync(repository, { recursive: true }));

  it("changes with every member of a step", () => {
    const below = testStep("below");
    const steps: Step[] = [
      testStep("a"),
      testStep("b"),
      testStep("a", { script: "false" }),
      testStep("a", { environment: { NAME: "x" } }),
      testStep("a", { environment: { NAME: "y" } }),
      testStep("a", { outputs: ["out", "more"] }),
      testStep("a", { outputs: [] }),
      ...(["cpus", "memoryBytes", "processes", "timeoutMs"] as const).map((name) =>
        testStep("a", { resources: { ...DEFAULT_RESOURCES, [name]: 7 } })
      ),
      testStep("a", { image: testImage({ gcc: "12" }) }),
      testStep("a", { image: testImage({ gcc: "13" }) }),
      testStep("a", { image: testImage({ gcc: "12", make: "4" }) }),
      testStep("a", { image: { ...testImage(), links: { bin: "usr/bin" } } }),
      testStep("a", { image: { ...testImage(), files: { "etc/passwd": "" } } }),
      testStep("a", { image: { ...testImage(), exclude: ["usr/share/doc"] } }),
      testStep("a", { image: { ...testImage(), ldconfig: true } }),
      testStep("a", { image: { ...testImage(), environment: { CC: "gcc" } } }),
      input("in", { kind: "step", step: below }),
      input("in", { kind: "step", step: below, path: "out" }),
      input("in", { kind: "step", step: testStep("below", { script: "false" }) }),
      input("other", { kind: "step", step: below }),
      input("in", { kind: "source", name: "s", source, fileName: "f" }),
      input("in", { kind: "source", name: "s", source, fileName: "g" }),
      input("in", { kind: "source", name: "s", source: { ...source, sha256: digestOf("b") }, fileName: "f" }),
      input("in", files),
      input("other", files),
      input("in", { ...files, only: ["a.txt"] }),
      input("in", { kind: "files", folder: "src/deep" }),
    ];
    const ids = steps.map(idOf);
    expect(new Set(ids).size).toBe(steps.length);
    expect(steps.map(idOf)).toEqual(ids);
  });

  it("does not change with the order of variables, inputs and links", () => {
    const one = testStep("a", {
      environment: { A: "1", B: "2" },
      inputs: { x: files, y: { kind: "source", name: "s", source, fileName: "f" } },
      image: { ...testImage(), links: { bin: "usr/bin", lib: "usr/lib" } },
    });
    const other = testStep("a", {
      environment: { B: "2", A: "1" },
      inputs: { y: { kind: "source", name: "s", source, fileName: "f" }, x: files },
      image: { ...testImage(), links: { lib: "usr/lib", bin: "usr/bin" } },
    });
    expect(idOf(other)).toBe(idOf(one));
  });

  it("does not change with where a source lies, when files were touched, or what the image is called", () => {
    const before = idOf(input("in", files));
    Deno.utimeSync(join(repository, "src", "a.txt"), 1, 1);
    expect(idOf(input("in", files))).toBe(before);
    const at = (url: string) =>
      input("in", { kind: "source", name: "s", source: { ...source, url }, fileName: "f" });
    expect(idOf(at("https://mirror.example.org/a"))).toBe(idOf(at("https://example.org/a")));
    expect(idOf(testStep("a", { image: { ...testImage(), name: "other" } }))).toBe(idOf(testStep("a")));
  });

  it.each([
    ["changed content", (src: string) => Deno.writeTextFileSync(join(src, "a.txt"), "A")],
    ["the executable bit", (src: string) => Deno.chmodSync(join(src, "a.txt"), 0o755)],
    ["a new name", (src: string) => Deno.renameSync(join(src, "a.txt"), join(src, "c.txt"))],
    ["a new folder", (src: string) => Deno.renameSync(join(src, "deep"), join(src, "flat"))],
    ["an added file", (src: string) => Deno.writeTextFileSync(join(src, "new"), "")],
    ["a removed file", (src: string) => Deno.removeSync(join(src, "a.txt"))],
  ])(
    "changes with %s of a file, for the step and all above it",
    (_what: string, change: (src: string) => void) => {
      const reader = input("in", files);
      const top = testStep("top", { inputs: { reader: { kind: "step", step: reader } } });
      const before = [idOf(reader), idOf(top)];
      change(join(repository, "src"));
      expect(idOf(reader)).not.toBe(before[0]);
      expect(idOf(top)).not.toBe(before[1]);
    },
  );

  it("keeps its golden id: a change would invalidate every store", () => {
    expect(idOf(testStep("golden", { inputs: { in: files }, environment: { A: "1" } }))).toBe(
      "3d54ff729e961dfee13a8349a4a1345816f1008451917b4a6abd73bd141ef207",
    );
  });
});

describe("pinOf()", () => {
  it("takes the strongest checksum there is", () => {
    const git: LockedSource = {
      kind: "git",
      url: "https://example.org/a.git",
      commit: "c".repeat(40),
      submodules: false,
    };
    expect(pinOf({ ...source, sha512: "5", sha1: "1" } as LockedSource)).toBe(`sha256:${digestOf("a")}`);
    expect(pinOf({ ...git, sha512: "5", sha1: "1" } as LockedSource)).toBe("sha512:5");
    expect(pinOf({ ...git, sha1: "1" } as LockedSource)).toBe("sha1:1");
    expect(pinOf(git)).toBe(`git:${"c".repeat(40)}`);
    expect(pinOf({ kind: "https", url: "https://example.org/a", sha256Prefix: "abcd" } as LockedSource)).toBe(
      "sha256-prefix:abcd",
    );
  });
});
