import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { digestOf, shortDigest } from "../digest.ts";
import { imageId, imageInputs } from "../image/mod.ts";
import type { LockedSource } from "../lock/mod.ts";
import { Store } from "../store/mod.ts";
import { testImage, testStep } from "./_testing.ts";
import { fingerprint } from "./fingerprint.ts";
import { plan } from "./plan.ts";
import { describeReason } from "./reason.ts";
import { DEFAULT_RESOURCES, type Input, type Step } from "./step.ts";

const host = denoHost();
let folder: string;
let store: Store;

const files: Input = { kind: "files", folder: "src" };
const source = (text: string): LockedSource => ({
  kind: "https",
  url: "https://example.org/a",
  sha256: digestOf(text),
});
const sourceInput = (text: string): Input => ({
  kind: "source",
  name: "torch",
  source: source(text),
  fileName: "torch.tar",
});
const below = (script = "true") => testStep("below", { script });

const planned = (...targets: Step[]) => plan(targets, { host, store, repository: folder });
const reasonsOf = (step: Step) => planned(step).at(-1)!.reasons.map(describeReason);

/** Pretends that a step and all it needs were built. */
function build(...targets: Step[]): void {
  for (const { step, id, inputs } of fingerprint(targets, { host, repository: folder })) {
    const image = imageId(step.image);
    store.publish({
      id: image,
      kind: "image",
      name: `image/${step.image.name}`,
      inputs: imageInputs(step.image),
      tree: [],
      durationMs: 1,
    });
    const bytes = new TextEncoder().encode(`output of ${step.name}`);
    const digest = store.putBytes(bytes);
    store.publish({
      id,
      kind: "step",
      name: step.name,
      inputs,
      tree: [{ kind: "file", path: "out", digest, sizeBytes: bytes.length, executable: false }],
      durationMs: 1,
    });
  }
}

function edit(path: string, text: string): void {
  Deno.writeTextFileSync(join(folder, "src", path), text);
}

describe("plan()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-plan-" });
    Deno.mkdirSync(join(folder, "src", "deep"), { recursive: true });
    Deno.mkdirSync(join(folder, "src2"));
    edit("a.txt", "a");
    edit("deep/b.txt", "b");
    Deno.writeTextFileSync(join(folder, "src2", "a.txt"), "a");
    store = Store.open(host, join(folder, "store"));
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("says that a step was never built here, then that it is a hit", () => {
    const step = testStep("step");
    expect(planned(step)[0]).toMatchObject({ status: "miss", needed: true, reason: "never built here" });
    build(step);
    expect(planned(step)[0]).toMatchObject({ status: "hit", needed: false, reason: "", reasons: [] });
  });

  // One change at a time: from the inputs on the left to those on the right.
  const changes: ReadonlyArray<[string, Partial<Step>, Partial<Step>, string[]]> = [
    ["script", {}, { script: "false" }, ["script changed"]],
    ["an added variable", {}, { environment: { CC: "gcc" } }, ['variable CC added: "gcc"']],
    ["a changed variable", { environment: { CC: "gcc" } }, { environment: { CC: "clang" } }, [
      'variable CC changed from "gcc" to "clang"',
    ]],
    ["a removed variable", { environment: { CC: "gcc" } }, {}, ['variable CC removed (was "gcc")']],
    ["a limit", {}, { resources: { ...DEFAULT_RESOURCES, cpus: 4 } }, ["limit cpus changed from 1 to 4"]],
    ["the outputs", {}, { outputs: ["lib"] }, ["declared outputs changed"]],
    ["a package's version", { image: testImage({ gcc: "12", make: "4" }) }, {
      image: testImage({ gcc: "13", make: "4" }),
    }, [
      `package gcc changed from 12 (${shortDigest(digestOf("gcc 12"))}) to 13 (${
        shortDigest(digestOf("gcc 13"))
      })`,
    ]],
    ["an added package", { image: testImage() }, { image: testImage({ gcc: "12" }) }, [
      `package gcc added: 12 (${shortDigest(digestOf("gcc 12"))})`,
    ]],
    ["a removed package", { image: testImage({ gcc: "12" }) }, { image: testImage() }, [
      `package gcc removed (was 12 (${shortDigest(digestOf("gcc 12"))}))`,
    ]],
    ["something else of the image", { image: testImage() }, { image: { ...testImage(), ldconfig: true } }, [
      "image changed",
    ]],
    ["an added input", {}, { inputs: { src: files } }, ['input "src" added']],
    ["a removed input", { inputs: { src: files } }, {}, ['input "src" removed']],
    ["an input of another kind", { inputs: { src: files } }, { inputs: { src: sourceInput("x") } }, [
      'input "src" is now a source',
    ]],
    ["an input of another folder", { inputs: { src: files } }, {
      inputs: { src: { kind: "files", folder: "src2" } },
    }, [
      'input "src" is now the folder src2',
    ]],
    ["a source's pin", { inputs: { torch: sourceInput("1") } }, { inputs: { torch: sourceInput("2") } }, [
      `source "torch" changed from ${`sha256:${digestOf("1")}`.slice(0, 19)} to ${
        `sha256:${digestOf("2")}`.slice(0, 19)
      }`,
    ]],
    ["a source's file name", { inputs: { torch: sourceInput("1") } }, {
      inputs: { torch: { ...sourceInput("1"), fileName: "other" } as Input },
    }, ['input "torch" is mounted otherwise']],
    ["a part of a step's output", { inputs: { below: { kind: "step", step: below() } } }, {
      inputs: { below: { kind: "step", step: below(), path: "out" } },
    }, ['input "below" is mounted otherwise']],
    ["an upstream step", { inputs: { below: { kind: "step", step: below() } } }, {
      inputs: { below: { kind: "step", step: below("false") } },
    }, ['step "below" changed']],
  ];
  it.each(changes)(
    "names %s",
    (_what: string, before: Partial<Step>, now: Partial<Step>, reasons: string[]) => {
      build(testStep("step", before));
      expect(reasonsOf(testStep("step", now))).toEqual(reasons);
    },
  );

  it("names changed, added and removed files before anything else", () => {
    build(testStep("step", { inputs: { src: files } }));
    edit("a.txt", "A");
    edit("new", "");
    Deno.removeSync(join(folder, "src", "deep", "b.txt"));
    expect(reasonsOf(testStep("step", { inputs: { src: files }, script: "false" }))).toEqual([
      "src/a.txt changed",
      "src/deep/b.txt removed",
      "src/new added",
      "script changed",
    ]);
  });

  it("shows three reasons and counts the rest", () => {
    build(testStep("step", { inputs: { src: files } }));
    for (const name of ["1", "2", "3", "4", "5"]) edit(name, "");
    expect(planned(testStep("step", { inputs: { src: files } }))[0]?.reason).toBe(
      "src/1 added, src/2 added, src/3 added and 2 more",
    );
  });

  it("names a file that has become executable", () => {
    build(testStep("step", { inputs: { src: files } }));
    Deno.chmodSync(join(folder, "src", "a.txt"), 0o755);
    expect(reasonsOf(testStep("step", { inputs: { src: files } }))).toEqual(["src/a.txt is now executable"]);
  });

  it.each([
    ["a blob", () => Deno.removeSync(store.path(digestOf("output of step")))],
    ["the manifest", () => {
      for (const { name } of Deno.readDirSync(join(store.root, "manifests"))) {
        Deno.writeTextFileSync(join(store.root, "manifests", name), "{");
      }
    }],
  ])("says that %s in the store is damaged", (_what: string, damage: () => void) => {
    build(testStep("step"));
    damage();
    expect(reasonsOf(testStep("step"))).toEqual(["its output in the store is damaged or incomplete"]);
  });

  it("does not need a miss that only hits depend on", () => {
    const bottom = testStep("bottom");
    const top = testStep("top", { inputs: { bottom: { kind: "step", step: bottom } } });
    build(top);
    Deno.removeSync(store.path(digestOf("output of bottom")));
    expect(planned(top).map(({ step, status, needed }) => [step.name, status, needed])).toEqual([
      ["bottom", "miss", false],
      ["top", "hit", false],
    ]);
    expect(planned(top, bottom).map(({ needed }) => needed)).toEqual([true, false]);
  });

  it("plans many steps that share a large image within the time of a blink", () => {
    const image = testImage(
      Object.fromEntries(Array.from({ length: 450 }, (_, index) => [`package${index}`, "1"])),
    );
    const steps = Array.from({ length: 60 }, (_, index) => testStep(`step${index}`, { image }));
    const started = performance.now();
    planned(...steps);
    // With the image's id made anew for every pair of steps this took 30 times as long.
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
