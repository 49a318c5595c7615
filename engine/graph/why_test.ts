import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { imageId, imageInputs } from "../image/mod.ts";
import { Store } from "../store/mod.ts";
import { testImage, testStep } from "./_testing.ts";
import { fingerprint } from "./fingerprint.ts";
import { plan } from "./plan.ts";
import { describeReason } from "./reason.ts";
import type { Input, Step } from "./step.ts";
import { type Cause, explainStep, type Explanation } from "./why.ts";

const host = denoHost();
const files: Input = { kind: "files", folder: "src" };
let folder: string;
let store: Store;

const below = (script = "true") => testStep("below", { script, inputs: { src: files } });
const top = (step: Step) => testStep("top", { inputs: { below: { kind: "step", step } } });

function why(step: Step): Explanation {
  const planned = plan([step], { host, store, repository: folder });
  return explainStep(planned.at(-1)!, planned, { host, store, repository: folder });
}

/** Causes as nested lists of words. */
function words(causes: readonly Cause[]): unknown[] {
  return causes.map(({ reason, because }) =>
    because.length === 0 ? describeReason(reason) : [describeReason(reason), words(because)]
  );
}

/** Pretends that a step and all it needs were built. */
function build(...targets: Step[]): void {
  for (const { step, id, inputs, files } of fingerprint(targets, { host, repository: folder })) {
    store.publish({
      id: imageId(step.image),
      kind: "image",
      name: `image/${step.image.name}`,
      inputs: imageInputs(step.image),
      tree: [],
      durationMs: 1,
    });
    for (const entry of [...files.values()].flat()) {
      store.putBytes(host.fs.readFile(join(folder, "src", entry.path)));
    }
    const bytes = new TextEncoder().encode("output");
    const digest = store.putBytes(bytes);
    store.publish({
      id,
      kind: "step",
      name: step.name,
      inputs,
      tree: [{ kind: "file", path: "out", digest, sizeBytes: bytes.length, executable: false }],
      durationMs: 7,
    });
  }
}

describe("explainStep()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-why-" });
    store = Store.open(host, join(folder, "store"));
    host.fs.mkdir(join(folder, "src"));
    host.fs.writeFile(join(folder, "src", "main.c"), "int a;\nint b;\n");
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("tells when a hit was made, how long it took, and what it is", () => {
    build(below());
    const { status, causes, output } = why(below());
    expect([status, causes, output?.durationMs, output?.entries, output?.sizeBytes]).toEqual([
      "hit",
      [],
      7,
      1,
      6,
    ]);
    expect(Math.abs(output!.madeMs! - host.clock.now())).toBeLessThan(60_000);
  });

  it("says that a step was never built here", () => {
    expect(words(why(below()).causes)).toEqual(["never built here"]);
  });

  it("follows a changed step to the file that changed, with its lines", () => {
    build(top(below()));
    host.fs.writeFile(join(folder, "src", "main.c"), "int a;\nint c;\n");
    const { causes } = why(top(below()));
    expect(words(causes)).toEqual([['step "below" changed', ["src/main.c changed"]]]);
    expect(causes[0]?.because[0]?.diff).toEqual([
      { kind: "same", text: "int a;" },
      { kind: "removed", text: "int b;" },
      { kind: "added", text: "int c;" },
    ]);
  });

  it("compares with the build that the last output was made of, not with the latest one", () => {
    build(top(below("echo 1")));
    build(below("echo 2"));
    const { causes } = why(top(below("echo 2")));
    expect(words(causes)).toEqual([['step "below" changed', ["script changed"]]]);
    expect(causes[0]?.because[0]?.diff.map(({ kind, text }) => [kind, text])).toEqual([
      ["removed", "echo 1"],
      ["added", "echo 2"],
    ]);
  });

  it("gives old and new value of a variable and of a package", () => {
    const step = (word: string, version: string) =>
      testStep("one", { environment: { WORD: word }, image: testImage({ gcc: version }) });
    build(step("old", "12.1"));
    const reasons = why(step("new", "12.2")).causes.map(({ reason }) => reason);
    expect(reasons[0]).toEqual({ kind: "variable", name: "WORD", before: "old", now: "new" });
    expect(describeReason(reasons[0]!)).toBe('variable WORD changed from "old" to "new"');
    expect(describeReason(reasons[1]!)).toMatch(/^package gcc changed from 12\.1 \(\w+\) to 12\.2 \(\w+\)$/);
  });

  it("names the blob that is gone", () => {
    build(below());
    const [entry] = store.latest("below")!.tree;
    if (entry?.kind !== "file") throw new Error("not a file");
    host.fs.remove(store.path(entry.digest));
    const [cause] = why(below()).causes;
    expect(cause?.reason).toEqual({ kind: "damaged", manifest: false, entries: [entry] });
  });

  it("explains a step once, on however many paths it is met", () => {
    let last = below();
    for (let index = 0; index < 40; index++) {
      const step = last;
      last = testStep(`s${index}`, {
        inputs: { a: { kind: "step", step }, b: { kind: "step", step, path: "out" } },
      });
    }
    build(last);
    host.fs.writeFile(join(folder, "src", "main.c"), "");
    let causes = why(last).causes;
    for (; causes[0]?.reason.kind === "step"; causes = causes[0].because);
    expect(words(causes)).toEqual(["src/main.c changed"]);
  });
});
