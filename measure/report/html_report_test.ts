import { describe, expect, it } from "vitest";
import {
  failedModel,
  fixtureModel,
  fixtureParity,
  fixtureResult,
  fixtureRun,
  wrongModel,
} from "../testdata/fixture.ts";
import { renderHtml } from "./html_report.ts";

const page = renderHtml(fixtureResult());

describe("renderHtml()", () => {
  it("tells the verdict, the device and that it is software", () => {
    expect(page).toContain("<title>PASS: test-swiftshader 20260314T092653Z-5f1ac0de</title>");
    expect(page).toContain("mobilenet_v2 matches its reference on SwiftShader Device (Subzero)</h1>");
    expect(page).toContain("Software Vulkan: not GPU performance.");
    expect(page).toContain("These numbers are made up");
  });

  it("needs nothing but itself", () => {
    expect(page).not.toMatch(/<(script|link|img|iframe|object|embed)\b/i);
    expect(page).not.toMatch(/\b(src|href)="(?!#)/);
    expect(page).not.toMatch(/url\(|@import|https?:\/\//);
    expect(page).toContain("default-src 'none'");
  });

  it("names every chart for screen readers", () => {
    const charts = page.match(/<svg\b[^>]*>\s*<title>/g) ?? [];
    expect(charts.length).toBe((page.match(/<svg\b/g) ?? []).length);
    // Three for each arm; the worst comparison, and both among all.
    expect(charts.length).toBe(2 * 3 + 1 + 2);
  });

  it("leads to every section it links to", () => {
    for (const [, id] of page.matchAll(/href="#(\w+)"/g)) expect(page).toContain(`id="${id}"`);
  });

  it("shows reasons and hints of failures, and drift", () => {
    const failure = { code: "missing-op", message: 'No "aten::silu"', hint: "Rewrite it" } as const;
    const failed = renderHtml(fixtureResult({
      models: [wrongModel("detnet"), failedModel("yolov5s", failure)],
      drift: [{ subject: "debian:libfoo", locked: "1.0-1", used: "1.0-2" }],
    }));
    expect(failed).toContain("No &#34;aten::silu&#34;");
    expect(failed).toContain("Rewrite it");
    expect(failed).toContain("Relative error is 0.4500");
    expect(failed).toContain("<code>debian:libfoo</code>");
    expect(failed).toContain("✗ FAIL");
  });

  it("gives processes with the same figures one row, and another one to the process that differs", () => {
    const parity = [0, 1, 2].map((replicate) => fixtureParity({ replicate }));
    const odd = fixtureParity({ replicate: 3, maxRel: 0.5, ok: false, reasons: ["far off"] });
    const text = renderHtml(
      fixtureResult({ models: [{ ...fixtureModel(), parity: [...parity, odd] }] }),
    );
    // The odd one is the worst as well.
    expect(text.match(/1000 el\./g)?.length).toBe(1 + 2);
    expect(text).toContain("1000 el., 3 processes");
    expect(text).toContain("on vulkan, process 3 against cpu: far off");
  });

  it("escapes every text, in charts too", () => {
    const evil = `<script>alert("x")</script>'&`;
    const model = fixtureModel(evil);
    const [cpu, vulkan] = model.arms;
    const arms = [{ ...cpu!, name: evil, title: evil }, vulkan!];
    const result = fixtureResult({
      models: [
        { ...model, title: evil, arms },
        failedModel(evil, { code: "crash", message: evil, hint: evil }),
      ],
      drift: [{ subject: evil, locked: evil, used: evil, reason: evil }],
    });
    const everywhere = {
      ...result,
      command: evil,
      device: { ...result.device!, name: evil, driver: evil, evidence: { [evil]: { [evil]: evil } } },
      target: { name: evil, address: evil },
      options: { [evil]: evil },
      environment: {
        ...result.environment,
        cpu: { model: evil, logical: 1 },
        versions: { [evil]: evil, vkforge: evil },
        variables: { [evil]: evil },
      },
      digests: [{ role: evil, name: evil, sha256: "0".repeat(64) }],
      steps: [{ name: evil, status: "ran" as const, startMs: 0, durationMs: 1 }],
    };
    const text = renderHtml(everywhere);
    expect(text).not.toContain("<script");
    expect(text).not.toContain('alert("');
  });

  it("shows ratios with their intervals, and why there is no verdict", () => {
    expect(page).toContain("1 process a side; a verdict needs 7");
    const replicated = renderHtml(fixtureResult({ models: [replicatedModel()] }));
    expect(replicated).toContain("<strong>slower</strong>");
    expect(replicated).toContain('class="interval"');
    expect(replicated).toContain("Run order of mobilenet_v2: 16 processes");
    expect(replicated).toContain("noise ");
  });

  it("says that the machine was busy", () => {
    const busy = (loadBefore: number) => {
      const result = fixtureResult();
      return renderHtml({ ...result, environment: { ...result.environment, loadBefore } });
    };
    expect(busy(7.25)).toContain("The load was 7.3 before measuring, on 2 processors");
    expect(busy(1.2)).not.toContain("Busy machine");
  });

  it("draws time where it was recorded, and the temperature of the device beside it", () => {
    expect(page).toContain("sample, in run order");
    expect(page).not.toContain("°C");
    const result = fixtureResult({ models: [replicatedModel()] });
    const state = (second: number, celsius: number) => ({
      at: `2026-03-14T09:27:0${second}.000Z`,
      temperatures: { gpu: celsius, cpu: 30 },
      cpus: [],
    });
    const evidence = {
      transport: "adb",
      profile: "stock" as const,
      identity: { model: "Pixel" },
      versions: {},
      during: [state(1, 41), state(3, 47)],
      notes: ["Put it into airplane mode"],
      reconnects: 0,
    };
    const timed = renderHtml({ ...result, evidence });
    expect(timed).toContain(">seconds</text>");
    expect(timed).toContain(">°C</text>");
    expect(timed).toContain("Reached over adb");
    expect(timed).toContain("Put it into airplane mode");
    expect(timed).toContain("gpu 47 °C");
  });

  it("stays whole when nothing was measured", () => {
    const empty = renderHtml({ ...fixtureResult({ models: [] }), steps: [], digests: [] });
    expect(empty).toContain("Nothing was measured");
    expect(empty).toContain("No run succeeded");
  });

  it("is small, and stays small with 100,000 samples", () => {
    expect(page.length).toBeLessThan(150_000);
    const model = fixtureModel();
    const arms = model.arms.map((arm, order) => ({
      ...arm,
      runs: [{
        replicate: 0,
        order,
        runner: fixtureRun(arm.backend, { centreMs: 50, seed: order, iterations: 50_000 }),
      }],
    }));
    const start = performance.now();
    const large = renderHtml(fixtureResult({ models: [{ ...model, arms }] }));
    expect(large.length).toBeLessThan(500_000);
    expect(large).toContain("50,000 samples as extremes of neighbours");
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

/** Eight processes an arm, one after the other, with the times of their samples. */
function replicatedModel() {
  const model = fixtureModel();
  const arms = model.arms.map((arm, place) => ({
    ...arm,
    runs: Array.from({ length: 8 }, (_, replicate) => {
      const seed = replicate + 10 * place;
      const runner = fixtureRun(arm.backend, { centreMs: arm.backend === "cpu" ? 30 : 90, seed });
      const samples = runner.samples.map((sample, index) => ({ ...sample, atMs: 100 + index }));
      const startedAt = `2026-03-14T09:27:0${replicate % 8}.${place}00Z`;
      return { replicate, order: 2 * replicate + place, runner: { ...runner, samples, startedAt } };
    }),
  }));
  return { ...model, arms };
}
