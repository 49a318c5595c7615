import type { Config, TopLevelSpec } from "vega-lite";
import { html, Markup } from "./_html.ts";

/** Turns a Vega-Lite specification into inline SVG; `title` is what a screen reader says. */
export type Draw = (spec: TopLevelSpec, title: string) => Promise<Markup>;

/**
 * Loads Vega and Vega-Lite, about 0.1 s, and gives a function that draws with them: headless, no DOM, no canvas. Colours
 * are CSS variables of the page, so one drawing serves light and dark.
 */
export async function loadVega(): Promise<Draw> {
  const [{ parse, View }, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  return async (spec, title) => {
    const view = new View(parse(compile(spec, { config: CONFIG }).spec), { renderer: "none" });
    try {
      return inline(await view.toSVG(), title);
    } finally {
      view.finalize();
    }
  };
}

/** Size of a chart: three fit side by side at desk width, one fills a phone, and neither is scaled. */
export const CHART_WIDTH = 344;
/** See {@linkcode CHART_WIDTH}. */
export const CHART_HEIGHT = 200;

const CONFIG: Config = {
  aria: false,
  background: "transparent",
  font: "var(--font)",
  padding: 4,
  autosize: { type: "fit", contains: "padding" },
  view: { stroke: null },
  axis: {
    labelColor: "var(--muted)",
    titleColor: "var(--muted)",
    labelFontSize: 11.5,
    titleFontSize: 11.5,
    titleFontWeight: "normal",
    titlePadding: 6,
    gridColor: "var(--line)",
    domain: false,
    ticks: false,
    labelPadding: 6,
  },
  axisX: { grid: false, domain: true, domainColor: "var(--line)", tickCount: 5 },
  axisY: { tickCount: 5 },
};

/** Replaces Vega's opening tag: a name for screen readers, and a size that gives way on narrow screens. */
function inline(svg: string, title: string): Markup {
  const [open, width, height] = /^<svg[^>]*? width="([\d.]+)" height="([\d.]+)"[^>]*>/.exec(svg) ?? [];
  if (open === undefined) throw new Error("Vega's SVG does not begin as expected");
  const body = new Markup(svg.slice(open.length));
  return html`
    <svg class="chart" role="img" viewBox="0 0 ${width} ${height}" width="${width}"
      height="${height}"><title>${title}</title>${body}
  `;
}
