import { mainArms, worstParity } from "./headline.ts";
import type { Drift, Failure, Result } from "./schema.ts";

/** The document `--json` prints on stdout when a measurement ends. */
export interface Summary {
  readonly schema: 1;
  readonly command: string;
  readonly ok: boolean;
  readonly resultDir: string;
  /** `null` if no Vulkan run got as far as a device. */
  readonly device: { readonly name: string; readonly driver: string } | null;
  readonly drift: readonly Drift[];
  readonly models: readonly ModelSummary[];
}

/** One model of a {@linkcode Summary}. */
export interface ModelSummary {
  readonly name: string;
  readonly ok: boolean;
  /** The worst output of the Vulkan runs; `null` if nothing was compared, a figure `null` if not computable. */
  readonly parity:
    | { readonly maxAbs: number | null; readonly maxRel: number | null; readonly cosine: number | null }
    | null;
  /** `null` if no run succeeded. */
  readonly cpu: { readonly medianMs: number } | null;
  readonly vulkan: { readonly medianMs: number } | null;
  /** Empty when ok. */
  readonly failures: readonly Failure[];
}

/** The `--json` document of a result; `resultDir` is where the result folder lies. */
export function summarize(result: Result, resultDir: string): Summary {
  const { command, ok, device, drift } = result;
  return {
    schema: 1,
    command,
    ok,
    resultDir,
    device: device && { name: device.name, driver: device.driver },
    drift,
    models: result.models.map((model) => {
      const { cpu, vulkan } = mainArms(model);
      const worst = worstParity(model);
      return {
        name: model.name,
        ok: model.ok,
        parity: worst ? { maxAbs: worst.maxAbs, maxRel: worst.maxRel, cosine: worst.cosine } : null,
        cpu: cpu?.latency ? { medianMs: cpu.latency.total.median } : null,
        vulkan: vulkan?.latency ? { medianMs: vulkan.latency.total.median } : null,
        failures: model.failures,
      };
    }),
  };
}
