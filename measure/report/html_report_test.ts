import { describe, expect, it } from "vitest";
import {
  failedModel,
  fixtureModel,
  fixtureParity,
  fixtureResult,
  fixtureRun,
  wrongModel,
} from "../testdata/fixture.ts";
import { fixtureGpuTimes, withGpuTimes } from "../testdata/gpu_fixture.ts";
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

  describe("on GPU time", () => {
    const timed = renderHtml(fixtureResult({ models: [withGpuTimes(fixtureModel())] }));

    it("says in one sentence where phases come from", () => {
      expect(page).toContain("between waits for the device, not its own timestamps.");
      expect(page).not.toContain("GPU time <");
      expect(timed).toContain("“GPU time” has them by the device’s own timestamps.");
      const reason = "the device's compute queue has no timestamps";
      const none = { source: "none" as const, reason, runs: [], ops: [] };
      const without = fixtureResult({ models: [withGpuTimes(fixtureModel(), () => none)] });
      const text = renderHtml(without);
      expect(text).toContain(
        "not its own timestamps (the device&#39;s compute queue has no timestamps).",
      );
      expect(text).not.toContain('<div class="gpu">');
      const mixed = renderHtml({ ...without, models: [...without.models, ...timedModels()] });
      expect(mixed).toContain("Some arms have none (the device&#39;s compute queue has no timestamps).");
      expect(mixed.match(/<div class="gpu">/g)?.length).toBe(1);
    });

    it("sets the device's phases beside the wall times, and says how long the device was busy", () => {
      expect(timed).toContain("Medians of 3 inferences in 1 process");
      expect(timed).toMatch(/compute<\/th>[^]*?data-head="device">164 ms<[^]*?data-head="wall">280 ms</);
      expect(timed).toMatch(/busy for <strong>59%<\/strong> of the wall time\. The rest, 116 ms,/);
      const slow = withGpuTimes(fixtureModel(), () => fixtureGpuTimes({ computeMs: 400 }));
      expect(renderHtml(fixtureResult({ models: [slow] }))).toContain(
        "busy <strong>all the time</strong>",
      );
    });

    it("says that a driver in software has no clock of its own", () => {
      expect(timed).toContain("software Vulkan: not GPU performance; its clock is the CPU’s");
      const device = { ...fixtureRun("vulkan", { centreMs: 1, seed: 1 }).device!, deviceName: "A GPU" };
      const hardware = { ...device, deviceType: "discrete", driverName: "driver" };
      const model = withGpuTimes(fixtureModel());
      const arms = model.arms.map((arm) => ({
        ...arm,
        runs: arm.runs.map((run) => ({
          ...run,
          runner: run.runner.device ? { ...run.runner, device: hardware } : run.runner,
        })),
      }));
      const text = renderHtml(fixtureResult({ models: [{ ...model, arms }] }));
      expect(text).toContain("GPU time <");
      expect(text).not.toContain("clock is the CPU’s");
    });

    it("has a bar for each of the longest operators, and one for the others", () => {
      const many = withGpuTimes(fixtureModel(), () => fixtureGpuTimes({ calls: 220 }));
      const text = renderHtml(fixtureResult({ models: [many] }));
      expect(text.match(/<tr class="operator">/g)?.length).toBe(12);
      expect(text).toContain('<th scope="row">others (8)</th>');
      expect(text).toContain("vulkan_prepack::<wbr>run_conv2d_clamp_context");
      expect(text).toContain("The 15 slowest of 220 calls, with shapes");
      expect(text).toContain("<span>1 × 24 × 112 × 112</span>");
      // Eleven have room without others.
      expect(timed.match(/<tr class="operator">/g)?.length).toBe(11);
      expect(timed).not.toContain("others (");
    });

    it("tells what is in no operator", () => {
      const times = fixtureGpuTimes();
      const half = withGpuTimes(fixtureModel(), () => ({ ...times, ops: times.ops.slice(0, 30) }));
      expect(renderHtml(fixtureResult({ models: [half] }))).toContain("outside operators");
      expect(timed).not.toContain("outside operators");
    });

    it("says which processes are not among the operators", () => {
      const model = withGpuTimes(replicatedModel(), (process) => {
        const times = fixtureGpuTimes({ seed: process });
        return process < 2 ? { ...times, ops: times.ops.slice(1) } : times;
      });
      const text = renderHtml(fixtureResult({ models: [model] }));
      expect(text).toContain("Of 8 processes, 2 are in the phases only: they did not make the same calls.");
      const unlike = withGpuTimes(fixtureModel(), () => ({ ...fixtureGpuTimes(), ops: [] }));
      expect(renderHtml(fixtureResult({ models: [unlike] }))).toContain(
        "in no process did all inferences make the same calls",
      );
    });

    it("stays whole where the device was never busy", () => {
      const times = fixtureGpuTimes();
      const nothing = { busyMs: 0, spanMs: 0, commands: 0 };
      const runs = times.runs.map((run) => ({
        ...run,
        upload: nothing,
        compute: nothing,
        download: nothing,
      }));
      const idle = withGpuTimes(fixtureModel(), () => ({ ...times, runs, ops: [] }));
      const text = renderHtml(fixtureResult({ models: [idle] }));
      expect(text).toContain("GPU time <");
      const part = text.slice(text.indexOf('<div class="gpu">'), text.indexOf("All statistics"));
      expect(part).toContain("busy for <strong>0%</strong>");
      expect(part).not.toMatch(/NaN|Infinity|undefined/);
    });

    it("escapes names of operators", () => {
      const times = fixtureGpuTimes();
      const evil = times.ops.map((op) => ({ ...op, name: "<script>alert(1)</script>" }));
      const model = withGpuTimes(fixtureModel(), () => ({ ...times, ops: evil }));
      expect(renderHtml(fixtureResult({ models: [model] }))).not.toContain("<script");
    });

    it("has summaries only", () => {
      const large = withGpuTimes(
        fixtureModel(),
        (process) => fixtureGpuTimes({ seed: process, runs: 10, calls: 220 }),
      );
      expect(renderHtml(fixtureResult({ models: [large] })).length - page.length).toBeLessThan(30_000);
    });

    function timedModels() {
      return fixtureResult({ models: [withGpuTimes(fixtureModel("timed"))] }).models;
    }
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
