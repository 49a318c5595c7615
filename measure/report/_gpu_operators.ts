import { formatMs, plural } from "../format.ts";
import type { CallTime, GpuTimestamps, OperatorTime } from "../gpu_summary.ts";
import { html, type Markup } from "./_html.ts";
import { percent } from "./_parts.ts";

/** More operators than this have one row together. */
const MAX_OPERATORS = 12;

/** How many calls are shown. */
const MAX_CALLS = 15;

/** A bar for each operator, as long as all its calls take; the last ones together. */
export function operatorsTable(arm: string, summary: GpuTimestamps): Markup | undefined {
  const { operators, outside, leftOut, phases } = summary;
  if (phases.compute.commands === 0) return undefined;
  if (operators.length === 0) {
    return html`<p>No operators: in no process did all inferences make the same calls.</p>`;
  }
  const { shown, others } = headOf(operators);
  const rest: readonly Row[] = [
    ...(others.length === 0 ? [] : [together(others)]),
    // Less than half a percent is rounding.
    ...(outside.share < 0.005 ? [] : [{ name: "outside operators", ...outside }]),
  ];
  const longest = Math.max(...[...shown, ...rest].map(({ busyMs }) => busyMs));
  const rows = [
    ...shown.map((row) => operatorRow(row, { longest })),
    ...rest.map((row) => operatorRow(row, { longest, rest: true })),
  ];
  const note = leftOut > 0 && html`<p class="muted">${leftOutText(summary)}</p>`;
  return html`
    <table class="bars">
      <caption>Operators of compute on ${arm}, by the device’s time for all their calls in an inference</caption>
      <thead>
        <tr>
          <th scope="col">operator</th>
          <td class="bar"></td>
          <th scope="col" class="num">device busy</th>
          <th scope="col" class="num">of compute</th>
          <th scope="col" class="num">calls</th>
          <th scope="col" class="num">commands</th>
        </tr>
      </thead>
      <tbody>${rows}</tbody>
    </table>
    ${note}
  `;
}

/** The calls that took longest, one by one, with their shapes; folded. */
export function callsTable(arm: string, { calls }: GpuTimestamps): Markup | undefined {
  if (calls.length === 0) return undefined;
  const rows = calls.slice(0, MAX_CALLS).map(({ index, name, shapes, commands, busyMs, share }) =>
    html`
      <tr>
        <th scope="row"><code>${breakable(name)}</code></th>
        <td class="shapes more">${shapeList(shapes)}</td>
        <td class="num">${formatMs(busyMs)}</td>
        <td class="num">${percent(share, 1)}</td>
        <td class="num more" data-head="call">${index}</td>
        <td class="num more" data-head="commands">${commands}</td>
      </tr>
    `
  );
  const count = Math.min(MAX_CALLS, calls.length);
  return html`
    <details>
      <summary>${count === calls.length ? "All" : `The ${count} slowest of`} ${plural(
        calls.length,
        "call",
      )}, with shapes</summary>
      <table class="bars" aria-label="Slowest calls on ${arm}">
        <thead>
          <tr>
            <th scope="col">operator</th>
            <th scope="col" class="bar">shapes</th>
            <th scope="col" class="num">device busy</th>
            <th scope="col" class="num">of compute</th>
            <th scope="col" class="num">call</th>
            <th scope="col" class="num">commands</th>
          </tr>
        </thead>
        <tbody>${rows}</tbody>
      </table>
    </details>
  `;
}

/** A row; calls and commands are unknown for what lies outside operators. */
type Row = Pick<OperatorTime, "name" | "busyMs" | "share"> & Partial<OperatorTime>;

function headOf(operators: readonly OperatorTime[]) {
  // "1 other" takes as much room as its name.
  const count = operators.length <= MAX_OPERATORS + 1 ? operators.length : MAX_OPERATORS;
  return { shown: operators.slice(0, count), others: operators.slice(count) };
}

/** Sums of medians. */
function together(operators: readonly OperatorTime[]): OperatorTime {
  const sum = (figure: (operator: OperatorTime) => number) =>
    operators.reduce((all, operator) => all + figure(operator), 0);
  return {
    name: `others (${operators.length})`,
    busyMs: sum(({ busyMs }) => busyMs),
    share: sum(({ share }) => share),
    calls: sum(({ calls }) => calls),
    commands: sum(({ commands }) => commands),
  };
}

function operatorRow(
  { name, busyMs, share, calls, commands }: Row,
  { longest, rest = false }: { readonly longest: number; readonly rest?: boolean },
): Markup {
  const width = longest === 0 ? "0%" : percent(busyMs / longest, 2);
  return html`
    <tr class="${rest ? "rest" : "operator"}">
      <th scope="row">${rest ? name : html`<code>${breakable(name)}</code>`}</th>
      <td class="bar" aria-hidden="true">
        <div><i style="width:${width}"></i></div>
      </td>
      <td class="num">${formatMs(busyMs)}</td>
      <td class="num">${percent(share, 1)}</td>
      <td class="num more" data-head="calls">${calls ?? "–"}</td>
      <td class="num more" data-head="commands">${commands ?? "–"}</td>
    </tr>
  `;
}

function leftOutText({ leftOut, processes }: GpuTimestamps): string {
  const [are, they] = leftOut === 1 ? ["is", "it"] : ["are", "they"];
  return `Of ${processes} processes, ${leftOut} ${are} in the phases only: ${they} did not make the same calls.`;
}

/** A narrow page breaks the name behind its namespace. */
function breakable(name: string): Markup[] {
  return name.split(/(?<=::)/).map((part, index) => html`${index > 0 && html`<wbr>`}${part}`);
}

function shapeList(shapes: CallTime["shapes"]): Markup {
  const texts = shapes.map((shape) => shape.join(" × ") || "scalar");
  return html`${texts.map((text, index) => html`${index > 0 && ", "}<span>${text}</span>`)}`;
}
