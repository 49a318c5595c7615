import { formatMs, plural } from "../format.ts";
import { gpuSummary, PHASES } from "../gpu_summary.ts";
import { mainArms } from "../headline.ts";
import type { ModelResult } from "../schema.ts";
import { busyShare } from "./_gpu.ts";
import { escapeInHtml, escapeMarkdown, markdownTable } from "./_markdown.ts";
import { percent } from "./_parts.ts";

/** The operators that take longest; the HTML report has more. */
const MAX_OPERATORS = 5;

/** A model's phases and longest operators on the device's clock, folded; empty where it has no such times. */
export function gpuBlock(model: ModelResult): string {
  const { vulkan } = mainArms(model);
  const summary = vulkan === undefined ? null : gpuSummary(vulkan);
  if (vulkan === undefined || summary?.source !== "timestamps") return "";
  const { phases, operators, inferences } = summary;
  const share = busyShare(summary, vulkan);
  const busy = share === undefined ? "" : `, busy for ${percent(Math.min(1, share))} of compute’s wall time`;
  const phaseRows = PHASES.map((phase) => {
    const { busyMs, commands } = phases[phase];
    const wall = vulkan.latency?.phases?.[phase].median;
    return [phase, formatMs(busyMs), wall === undefined ? "" : formatMs(wall), "", "", String(commands)];
  });
  const operatorRows = operators.slice(0, MAX_OPERATORS).map(({ name, busyMs, share, calls, commands }) => [
    escapeMarkdown(name),
    formatMs(busyMs),
    "",
    percent(share, 1),
    String(calls),
    String(commands),
  ]);
  return [
    `<details><summary>GPU time of ${escapeInHtml(model.name)}: compute ${
      formatMs(phases.compute.busyMs)
    }${busy}</summary>`,
    "",
    markdownTable([
      "| phase, operator | device busy | wall time | of compute | calls | commands |",
      "|---|--:|--:|--:|--:|--:|",
    ], [...phaseRows, ...operatorRows]),
    "",
    `${operatorsText(operators.length)} Medians of ${
      plural(inferences, "inference")
    } by the device’s timestamps; wall times are fenced.`,
    "",
    "</details>",
  ].join("\n");
}

function operatorsText(count: number): string {
  if (count === 0) return "No operators.";
  return count <= MAX_OPERATORS ? "All operators." : `The longest ${MAX_OPERATORS} of ${count} operators.`;
}
