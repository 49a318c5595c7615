import { SOFTWARE_VULKAN_NOTE } from "../device.ts";
import { plural } from "../format.ts";
import type { Device, Drift, Result } from "../schema.ts";
import { html, type Markup } from "./_html.ts";

/** Whatever limits what the numbers mean, most serious first. */
export function notices({ fixture, complete, device, drift, environment }: Result): Markup[] {
  const notes: Markup[] = [];
  if (fixture) {
    notes.push(bad("Fixture.", html`These numbers are made up, for tests and for looking at the report.`));
  }
  if (!complete) {
    notes.push(bad("Incomplete.", html`The measurement was cut short; this is what there was until then.`));
  }
  if (device?.software) notes.push(softwareNote(device));
  if (drift.length > 0) notes.push(driftNote(drift));
  const { loadBefore = 0, cpu } = environment;
  if (loadBefore > cpu.logical) notes.push(loadNote(loadBefore, cpu.logical));
  return notes;
}

function softwareNote({ name }: Device): Markup {
  const note = SOFTWARE_VULKAN_NOTE.charAt(0).toUpperCase() + SOFTWARE_VULKAN_NOTE.slice(1);
  return html`
    <div class="notice" role="note">
      <p><strong>${note}.</strong> ${name} runs Vulkan on the CPU. It shows
    whether results are right; its timings say nothing about any GPU.</p>
    </div>
  `;
}

/** More work than processors before the measurement began. */
function loadNote(load: number, processors: number): Markup {
  return html`
    <div class="notice" role="note">
      <p><strong>Busy machine.</strong> The load was ${load.toFixed(1)} before measuring, on ${plural(
        processors,
        "processor",
      )}: times are longer and vary more than on an idle one.</p>
    </div>
  `;
}

function driftNote(drift: readonly Drift[]): Markup {
  const items = drift.map(({ subject, locked, used, reason }) => {
    const why = reason !== undefined && `, ${reason}`;
    return html`<li><code>${subject}</code>: used <code>${used}</code>, locked <code>${locked}</code>${why}</li>`;
  });
  const head = `Drift: ${plural(drift.length, "input")} not as locked.`;
  return html`
    <div class="notice" role="note">
      <p><strong>${head}</strong> Others may not get this result.</p>
      <ul>${items}</ul>
    </div>
  `;
}

function bad(head: string, text: Markup): Markup {
  return html`
    <div class="notice bad" role="note">
      <p><strong>${head}</strong> ${text}</p>
    </div>
  `;
}
