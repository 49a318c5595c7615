import { formatError, formatMs, formatTime } from "../format.ts";
import { verdictSentence, worstParity } from "../headline.ts";
import type { ParityEntry, Result } from "../schema.ts";
import { html, type Markup } from "./_html.ts";
import { notices } from "./_notices.ts";

/** What one reads first: verdict, when and where, and whatever limits what the numbers mean. */
export function headerSection(result: Result): Markup {
  const took = Date.parse(result.finishedAt) - Date.parse(result.startedAt);
  const [kind, word] = result.ok ? ["pass", "✓ PASS"] : ["fail", "✗ FAIL"];
  return html`<header>
<p class="kicker">vkforge ${result.command} · ${formatTime(result.startedAt)} · took ${formatMs(took)}</p>
<h1>${verdictSentence(result)}</h1>
<span class="verdict ${kind}">${word}</span>
${notices(result)}
${tiles(result)}
<nav aria-label="Sections">${SECTIONS.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>
</header>`;
}

const SECTIONS = [
  ["models", "Models"],
  ["comparison", "Vulkan against CPU"],
  ["parity", "Parity"],
  ["latency", "Latency"],
  ["device", "Device"],
  ["time", "Where the time went"],
  ["environment", "Environment"],
  ["digests", "Digests"],
  ["notes", "How to read this"],
] as const;

function tiles({ models, device }: Result): Markup {
  const passed = models.filter((model) => model.ok).length;
  const worst = worstOf(models.map(worstParity).filter((entry) => entry !== undefined));
  return html`<dl class="tiles">
${tile("Models that match", `${passed} of ${models.length}`, modelsNote(passed, models.length))}
${tile("Worst relative error", formatError(worst?.maxRel ?? null), marginNote(worst))}
${tile("Device", device?.name ?? "none", device?.driver ?? "no Vulkan run got as far as a device")}
</dl>`;
}

function tile(name: string, figure: string, note: string): Markup {
  return html`
    <div class="tile">
      <dt>${name}</dt>
      <dd class="figure">${figure}</dd>
      <dd><small>${note}</small></dd>
    </div>
  `;
}

function modelsNote(passed: number, total: number): string {
  if (total === 0) return "nothing was measured";
  return passed === total ? "every output was compared" : "the reasons are below";
}

function marginNote(worst: ParityEntry | undefined): string {
  if (worst === undefined) return "nothing was compared";
  const { ok, maxRel, tolerance } = worst;
  const limit = `tolerance ${formatError(tolerance.maxRel)}`;
  if (!ok || maxRel === null || maxRel === 0) return limit;
  const times = tolerance.maxRel / maxRel;
  return times < 2
    ? limit
    : `${Number(times.toPrecision(2)).toLocaleString("en-US")} times below the ${limit}`;
}

function worstOf(entries: readonly ParityEntry[]): ParityEntry | undefined {
  const badness = (entry: ParityEntry) => entry.maxRel ?? Infinity;
  return entries.toSorted((a, b) => Number(a.ok) - Number(b.ok) || badness(b) - badness(a))[0];
}
