import { formatBytes, plural } from "../format.ts";
import type { Result } from "../schema.ts";
import { html, type Markup } from "./_html.ts";
import { facts, scrollable } from "./_parts.ts";

/** The machine, the sandbox, versions, options, and all variables the runner saw. */
export function environmentSection({ environment, options, target }: Result): Markup {
  const { cpu, memoryBytes, loadBefore, sandbox } = environment;
  const mono = (entries: Readonly<Record<string, unknown>>) =>
    facts(
      Object.entries(entries).map((
        [name, value],
      ) => [name, html`<span class="mono">${String(value)}</span>`]),
    );
  return html`
    <section id="environment">
      <h2>Environment</h2>
      <div class="columns">
        <div>
    <h3>Machine</h3>${facts([
      ["target", target.address === undefined ? target.name : `${target.name} (${target.address})`],
      ["CPU", cpu.model],
      [
        "CPUs",
        cpu.physical === undefined ? cpu.logical : `${cpu.logical} on ${plural(cpu.physical, "core")}`,
      ],
      ["load before", loadBefore?.toFixed(2)],
      ["memory", memoryBytes === undefined ? undefined : formatBytes(memoryBytes)],
      ["system", [environment.os, environment.kernel, environment.arch].filter(Boolean).join(" ")],
      ["sandbox", sandbox && [sandbox.driver, sandbox.version].filter(Boolean).join(" ")],
    ])}
    <h3>Options</h3>${mono(options)}</div>
        <div>
    <h3>Versions</h3>${mono(environment.versions)}
    <h3>Variables of the runner</h3>${mono(environment.variables)}</div>
      </div>
    </section>
  `;
}

/** Which bytes took part. */
export function digestsSection({ digests }: Result): Markup {
  return html`<section id="digests"><h2>Digests</h2>
${
    scrollable(
      "Digests",
      html`
        <table>
          <thead>
            <tr>
              <th scope="col">role</th>
              <th scope="col">name</th>
              <th scope="col" class="num">size</th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>${digests.map(({ role, name, sha256, sizeBytes }) =>
            html`
              <tr>
                <th scope="row">${role}</th>
                <td><code>${name}</code></td>
                <td class="num">${sizeBytes === undefined ? "" : formatBytes(sizeBytes)}</td>
                <td class="hash">${sha256}</td>
              </tr>
            `
          )}</tbody>
        </table>
      `,
    )
  }</section>`;
}
