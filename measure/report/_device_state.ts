import { formatTime } from "../format.ts";
import type { Result } from "../schema.ts";
import { html, type Markup } from "./_html.ts";
import { facts, scrollable } from "./_parts.ts";

type Evidence = NonNullable<Result["evidence"]>;
type State = NonNullable<Evidence["before"]>;

/** A device that is not this machine: what it is, how it was treated, and how it did before and after. */
export function deviceState(evidence: Result["evidence"]): Markup | undefined {
  if (evidence === undefined) return undefined;
  const { transport, address, profile, identity, versions, notes, reconnects, before, during, after } =
    evidence;
  const states = [before, ...during.slice(-1), after].filter((state) => state !== undefined);
  return html`
    <h3>Reached over ${transport}</h3>
    ${facts([
      ["address", address],
      ["profile", profile],
      ["connection lost and found", reconnects === 0 ? undefined : `${reconnects} times`],
      ...Object.entries(identity),
      ...Object.entries(versions),
    ])}
    ${notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
    ${states.length > 0 && scrollable("State of the device", stateTable(states))}
  `;
}

function stateTable(states: readonly State[]): Markup {
  const rows: ReadonlyArray<readonly [string, (state: State) => string]> = [
    ["thermal status", ({ thermalStatus }) => text(thermalStatus)],
    ["temperatures", ({ temperatures }) => joined(temperatures, (celsius) => `${celsius.toFixed(0)} °C`)],
    [
      "processors",
      ({ cpus }) =>
        cpus.map(({ governor, currentHz }) => `${text(governor)} ${megahertz(currentHz)}`).join(", "),
    ],
    ["GPU", ({ gpu }) => gpu === undefined ? "–" : `${text(gpu.governor)} ${megahertz(gpu.currentHz)}`],
    [
      "battery",
      ({ battery }) =>
        battery?.percent === undefined ? "–" : `${battery.percent} %${battery.charging ? ", charging" : ""}`,
    ],
    ["screen", ({ screenOn }) => screenOn === undefined ? "–" : screenOn ? "on" : "off"],
    ["load", ({ load }) => text(load)],
  ];
  return html`
    <table>
      <thead>
        <tr><th scope="col"></th>${states.map(({ at }) => html`<th scope="col">${formatTime(at)}</th>`)}</tr>
      </thead>
      <tbody>${rows.map(([name, cell]) =>
        html`<tr><th scope="row">${name}</th>${states.map((state) => html`<td>${cell(state)}</td>`)}</tr>`
      )}</tbody>
    </table>
  `;
}

function text(value: string | number | undefined): string {
  return value === undefined ? "–" : String(value);
}

function megahertz(hz: number | undefined): string {
  return hz === undefined ? "" : `${Math.round(hz / 1e6)} MHz`;
}

function joined(values: Readonly<Record<string, number>>, show: (value: number) => string): string {
  return Object.entries(values).map(([name, value]) => `${name} ${show(value)}`).join(", ") || "–";
}
