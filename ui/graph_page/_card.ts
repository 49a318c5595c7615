import type { GraphNode } from "../../engine/mod.ts";
import { formatBytes, formatDuration } from "../format.ts";
import { html, type Markup } from "./_html.ts";

/** What a step's state is called, and the class that colours it. */
export function stateOf({ status, needed }: GraphNode): { readonly word: string; readonly kind: string } {
  if (status === "hit") return { word: "hit", kind: "hit" };
  return needed ? { word: "would run", kind: "run" } : { word: "not needed", kind: "idle" };
}

/** The inside of a card: name, state, figures, and why it is a miss. */
export function cardContent(node: GraphNode): Markup {
  const { word, kind } = stateOf(node);
  const figures = [
    node.lastDurationMs === undefined ? "never built" : formatDuration(node.lastDurationMs),
    node.made === undefined ? node.image.name : formatBytes(node.made.sizeBytes),
  ];
  return html`<span class="name">${breakable(node.name)}</span>
<span class="figures">${figures.join(" · ")}</span>
<span class="state ${kind}">${word}</span>
<span class="reason">${node.status === "hit" ? inputsOf(node) : node.reason}</span>`;
}

/** A name that may be broken behind a "/". */
export function breakable(name: string): Markup[] {
  const parts = name.split("/");
  return parts.map((part, index) => index < parts.length - 1 ? html`${part}/<wbr>` : html`${part}`);
}

/** What a step runs in, and reads besides other steps. */
function inputsOf({ image, sources, folders }: GraphNode): string {
  const names = [...sources.map(({ name }) => name), ...new Set(folders.map(({ path }) => path))].join(", ");
  return names === "" ? image.name : `${image.name} · ${names}`;
}
