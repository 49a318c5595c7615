import type { Result } from "../schema.ts";
import { deviceState } from "./_device_state.ts";
import { html, type Markup, type Part } from "./_html.ts";
import { facts } from "./_parts.ts";

/** Evidence of where the work was done, in the backend's own words. */
export function deviceSection({ device, evidence: state }: Result): Markup {
  if (device === null) {
    return html`
      <section id="device">
        <h2>Device</h2>
        <p>No Vulkan run got as far as a device.</p>
        ${deviceState(state)}
      </section>
    `;
  }
  const known = facts([
    ["name", device.name],
    ["driver", device.driver],
    ["kind", device.software ? "software, on the CPU" : device.type],
    ["Vulkan", device.apiVersion],
    ["vendor", device.vendorId],
    ["device", device.deviceId],
  ]);
  const evidence = flatten(device.evidence);
  const details = facts(evidence.map(([name, value]) => [name, html`<span class="mono">${value}</span>`]));
  return html`<section id="device"><h2>Device</h2>
<p class="lead">As the Vulkan backend reported the adapter it used, from inside the process that ran the model.</p>
${known}
<details><summary>All it said: limits, features, queues (${evidence.length} values)</summary>${details}</details>${
    deviceState(state)
  }</section>`;
}

/** Nested evidence as dotted names; what is not a plain value is shown as JSON. */
function flatten(value: Record<string, unknown>, prefix = ""): Array<readonly [string, Part]> {
  return Object.entries(value).flatMap(([key, inner]): Array<readonly [string, Part]> => {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    if (inner !== null && typeof inner === "object" && !Array.isArray(inner)) {
      return flatten(inner as Record<string, unknown>, name);
    }
    return [[name, typeof inner === "string" ? inner : JSON.stringify(inner)]];
  });
}
