/**
 * The tests of what is not TypeScript: conversion (Python), runner (C++), patches. They run as steps in the image, on the
 * user's own store, so that an unchanged part is not tested again.
 */
import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../engine/deno_host.ts";
import type { Engine, Step } from "../engine/mod.ts";
import { checks } from "../recipes/checks.ts";
import { loadProject } from "../recipes/project.ts";
import { openEngine } from "../tasks/_session.ts";

const REPOSITORY = join(import.meta.dirname ?? ".", "..");
const host = denoHost();
const project = await loadProject(host, REPOSITORY);
const steps = checks(project.materials);
const engine: Engine = openEngine(
  host,
  project,
  { engine: "auto", jobs: host.machine.cpus, logFormat: "plain" },
  () => {},
);

async function built(step: Step): Promise<string> {
  try {
    const manifests = await engine.build([step], new AbortController().signal);
    return engine.folderOf(manifests.get(step.name)!);
  } catch (error) {
    if (error instanceof Error && "detail" in error) console.error((error.detail as string[]).join("\n"));
    throw error;
  }
}

describe("native tests", () => {
  it("models: conversion, weights, golden data", async () => {
    const log = await Deno.readTextFile(join(await built(steps.models), "log"));
    expect(log).toMatch(/^Ran \d{2,} tests/m);
    expect(log).not.toContain("skipped");
  });

  it("runner: options, tensor files, supervisor", async () => {
    expect(await Deno.readTextFile(join(await built(steps.runner), "log"))).toContain("100% tests passed");
  });

  it("patches: the stock backend shows every fault, the patched one none", async () => {
    const text = await Deno.readTextFile(join(await built(steps.patches), "patch_test.json"));
    const { cases, rows, notShown } = JSON.parse(text) as PatchTest;
    const shown = [...cases.map(({ patch }) => patch), ...Object.keys(rows), ...Object.keys(notShown)];
    expect(shown.filter((name) => !name.startsWith("vkf_")).sort()).toEqual(patchNames());
    for (const { stock, patched } of cases) {
      expect(stock.faulty).toBeGreaterThan(0);
      expect(patched.faulty).toBe(0);
    }
    for (const [name, { stock, patched }] of Object.entries(rows)) {
      expect(stock, name).toBeGreaterThan(0);
      expect(patched, name).toBe(0);
    }
  });

  for (const step of steps.checkOps) {
    it(`${step.name}: verdicts of whole modules are what was measured`, async () => {
      expect(await Deno.readTextFile(join(await built(step), "log"))).toMatch(/: (\d+) of \1 agree/);
    });
  }
});

/** What recipes/host_runtime/tests/patch_test.py writes: faulty runs, and faulty rows of the truth table. */
interface PatchTest {
  readonly cases: ReadonlyArray<{
    readonly patch: string;
    readonly stock: { readonly faulty: number };
    readonly patched: { readonly faulty: number };
  }>;
  readonly rows: Readonly<Record<string, { readonly stock: number; readonly patched: number }>>;
  /** Patches that SwiftShader cannot tell from stock, each with the reason. */
  readonly notShown: Readonly<Record<string, string>>;
}

function patchNames(): string[] {
  return [...Deno.readDirSync(join(REPOSITORY, "recipes/patches/vulkan"))]
    .map(({ name }) => name.replace(/\.patch$/, ""))
    .sort();
}
