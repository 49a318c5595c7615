import { SOFTWARE_VULKAN_NOTE } from "../device.ts";
import {
  formatCosine,
  formatError,
  formatMs,
  formatRatio,
  formatTime,
  plural,
  verdictWord,
} from "../format.ts";
import { mainArms, verdictSentence, worstParity } from "../headline.ts";
import type { Drift, ModelResult, Result } from "../schema.ts";
import { gpuBlock } from "./_gpu_markdown.ts";
import { escapeMarkdown, markdownTable } from "./_markdown.ts";

/** The result as Markdown for a pull request or a README: verdict, table, failures, what limits it. */
export function renderMarkdown(result: Result): string {
  const { device, drift, models } = result;
  const blocks = [
    `## ${result.ok ? "✅" : "❌"} ${escapeMarkdown(verdictSentence(result))}`,
    ...(result.fixture ? ["**Fixture: these numbers are made up.**"] : []),
    models.length === 0 ? "" : table(models),
    ...models.filter((model) => !model.ok).map(failures),
    ...models.map(gpuBlock),
    device === null
      ? "No Vulkan run got as far as a device."
      : `Device: ${escapeMarkdown(device.name)}, ${escapeMarkdown(device.driver)}${
        device.software ? ` (**${SOFTWARE_VULKAN_NOTE}**)` : ""
      }.`,
    drift.length === 0 ? "" : driftBlock(drift),
    `<sub>${escapeMarkdown(result.command)}, ${formatTime(result.startedAt)}, result \`${result.id}\`</sub>`,
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function table(models: readonly ModelResult[]): string {
  const rows = models.map((model) => {
    const worst = worstParity(model);
    const { cpu, vulkan } = mainArms(model);
    const median = (ms: number | undefined) => ms === undefined ? "–" : formatMs(ms);
    return [
      escapeMarkdown(model.name),
      model.ok ? "pass" : "**FAIL**",
      formatError(worst?.maxRel ?? null),
      formatError(worst?.tolerance.maxRel ?? null),
      formatCosine(worst?.cosine ?? null),
      median(cpu?.latency?.total.median),
      median(vulkan?.latency?.total.median),
      comparisonText(model),
    ];
  });
  return markdownTable([
    "| model | verdict | max rel. error | tolerance | cosine | CPU median | Vulkan median | Vulkan / CPU |",
    "|---|---|--:|--:|--:|--:|--:|:--|",
  ], rows);
}

/** The ratio, and the verdict where there is one: `0.104 (0.101 to 0.108, faster)`. */
function comparisonText({ comparison }: ModelResult): string {
  if (!comparison?.ratio) return "–";
  const { ratio, interval, verdict } = comparison;
  if (interval === null) return formatRatio(ratio);
  return `${formatRatio(ratio)} (${formatRatio(interval.low)} to ${formatRatio(interval.high)}, ${
    verdictWord(verdict)
  })`;
}

function failures(model: ModelResult): string {
  const lines = model.failures.map(({ check, message, hint }) =>
    `- ${check}: ${escapeMarkdown(message)}${hint === undefined ? "" : `  \n  ${escapeMarkdown(hint)}`}`
  );
  return [`**${escapeMarkdown(model.name)}** failed:`, "", ...lines].join("\n");
}

function driftBlock(drift: readonly Drift[]): string {
  const lines = drift.map(({ subject, locked, used, reason }) =>
    `- ${escapeMarkdown(subject)}: used ${escapeMarkdown(used)}, locked ${escapeMarkdown(locked)}${
      reason ? ` (${escapeMarkdown(reason)})` : ""
    }`
  );
  return [
    `⚠️ Drift: ${plural(drift.length, "input")} not as locked, so others may not get this result`,
    "",
    ...lines,
  ]
    .join("\n");
}
