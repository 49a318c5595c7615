import { html, type Markup, type Part } from "./_html.ts";

/** A table that scrolls by itself where the page is too narrow for it. */
export function scrollable(label: string, table: Markup): Markup {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">${table}</div>`;
}

/** A list of named facts; those without a value are left out. */
export function facts(entries: ReadonlyArray<readonly [name: string, value: Part]>): Markup {
  const known = entries.filter(([, value]) => value !== undefined && value !== "");
  return html`<dl class="facts">${
    known.map(([name, value]) =>
      html`
        <div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>
      `
    )
  }</dl>`;
}

/** A verdict in words, with a sign, never by colour alone. */
export function verdict(ok: boolean): Markup {
  return ok ? html`<span class="pass">✓ pass</span>` : html`<span class="fail">✗ fail</span>`;
}

/** The CSS colour of the n-th arm of a model: CPU and Vulkan keep theirs. */
export function armColor(backend: "cpu" | "vulkan"): string {
  return `var(--${backend})`;
}

/** `61%`; with one digit `61.0%`. */
export function percent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)}%`;
}
