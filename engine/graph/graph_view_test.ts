import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { Store } from "../store/mod.ts";
import { testStep } from "./_testing.ts";
import { toDot } from "./dot.ts";
import { fingerprint } from "./fingerprint.ts";
import { type GraphView, graphView } from "./graph_view.ts";
import { plan } from "./plan.ts";
import type { Step } from "./step.ts";

const host = denoHost();
let folder: string;
let store: Store;

const base = testStep("base");
const slow = testStep("slow", { inputs: { base: { kind: "step", step: base } } });
const quick = testStep("quick", { inputs: { base: { kind: "step", step: base } } });
const top = testStep("top", {
  inputs: { quick: { kind: "step", step: quick }, slow: { kind: "step", step: slow } },
});

function view(...targets: Step[]): GraphView {
  const planned = plan(targets, { host, store, repository: folder });
  return graphView(planned, { store, targets: targets.map(({ name }) => name) });
}

function build(durations: Readonly<Record<string, number>>): void {
  for (const { step, id, inputs } of fingerprint([top], { host, repository: folder })) {
    const durationMs = durations[step.name];
    if (durationMs !== undefined) {
      store.publish({ id, kind: "step", name: step.name, inputs, tree: [], durationMs });
    }
  }
}

describe("graphView()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-graph-" });
    store = Store.open(host, join(folder, "store"));
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("gives steps in order with what they read", () => {
    const { nodes, edges } = view(top);
    expect(nodes.map(({ name, steps, isTarget }) => [name, steps, isTarget])).toEqual([
      ["base", [], false],
      ["quick", ["base"], false],
      ["slow", ["base"], false],
      ["top", ["quick", "slow"], true],
    ]);
    expect(edges.length).toBe(4);
  });

  it("marks the chain that takes longest", () => {
    build({ base: 10, quick: 20, slow: 500, top: 5 });
    const { critical, nodes, edges } = view(top);
    expect(critical).toEqual({ names: ["base", "slow", "top"], durationMs: 515 });
    expect(nodes.filter(({ isCritical }) => isCritical).map(({ name }) => name)).toEqual([
      "base",
      "slow",
      "top",
    ]);
    expect(edges.filter(({ isCritical }) => isCritical).map(({ from, to }) => `${from} ${to}`)).toEqual([
      "base slow",
      "slow top",
    ]);
  });

  it("has no critical path where no time is known", () => {
    expect(view(top).critical).toEqual({ names: [], durationMs: 0 });
  });

  it("takes the time of a step that has changed since from its last build", () => {
    build({ base: 10, quick: 20, slow: 500, top: 5 });
    const changed = testStep("base", { script: "false" });
    const [node] = view(changed).nodes;
    expect([node?.status, node?.lastDurationMs, node?.made]).toEqual(["miss", 10, undefined]);
  });
});

describe("toDot()", () => {
  it("writes steps and edges, with names quoted", () => {
    const node = { status: "miss", needed: true, isCritical: false, lastDurationMs: 1500 };
    const text = toDot({
      nodes: [{ ...node, name: 'a"b\\c' }, { ...node, name: "d", status: "hit", isCritical: true }],
      edges: [{ from: 'a"b\\c', to: "d", isCritical: true }],
      critical: { names: [], durationMs: 0 },
    } as unknown as GraphView);
    expect(text).toContain('"a\\"b\\\\c" [label="a\\"b\\\\c\\nwould run, 1.5 s", style="rounded,bold"];');
    expect(text).toContain('"d" [label="d\\nhit, 1.5 s", style="rounded,filled"');
    expect(text).toContain('"a\\"b\\\\c" -> "d" [color="#b3261e", penwidth=2];');
  });
});
