/**
 * Reading what the scripts on a device tell: lines "key=value".
 *
 * @module
 */
import type { DeviceState } from "./evidence.ts";

/** Facts by key; a key may come several times. */
export type Facts = ReadonlyMap<string, readonly string[]>;

/** Reads lines "key=value"; other lines are left out. */
export function readFacts(text: string): Facts {
  const facts = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const at = line.indexOf("=");
    if (at <= 0 || /\s/.test(line.slice(0, at))) continue;
    const value = line.slice(at + 1).trim();
    if (value === "" || value === "null") continue;
    facts.set(line.slice(0, at), [...facts.get(line.slice(0, at)) ?? [], value]);
  }
  return facts;
}

/** The first value of a key. */
export function fact(facts: Facts, key: string): string | undefined {
  return facts.get(key)?.[0];
}

/** Keys of {@linkcode stateOf}; all others are the device's identity. */
const STATE_KEY =
  /^(at|load|temperature\..*|cpu\.policy.*|gpu\.(governor|hz|mhz)|thermal_status|battery\..*|screen)$/;

/** What the device is, for the record. */
export function identityOf(facts: Facts): Record<string, string> {
  return Object.fromEntries(
    [...facts].filter(([key]) => !STATE_KEY.test(key)).map(([key, values]) => [key, values.join(", ")]),
  );
}

/** How the device does. Units are made plain: degrees, hertz. */
export function stateOf(facts: Facts, now: Date): DeviceState {
  const number = (key: string) => numberOf(fact(facts, key));
  const temperatures = Object.fromEntries(
    [...facts].filter(([key]) => key.startsWith("temperature.")).flatMap(([key, [value]]) => {
      const milli = numberOf(value);
      // Some sensors give degrees, most thousandths of them; one that is asleep gives nonsense.
      const degrees = milli === undefined ? undefined : Math.abs(milli) >= 1_000 ? milli / 1_000 : milli;
      return degrees === undefined || degrees < -40 || degrees > 150
        ? []
        : [[key.slice("temperature.".length), degrees]];
    }),
  );
  const at = fact(facts, "at");
  const thermalStatus = number("thermal_status");
  const load = number("load");
  const screen = fact(facts, "screen");
  const battery = batteryOf(facts);
  const gpu = gpuOf(facts);
  return {
    at: at !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(at) ? at : now.toISOString(),
    ...(thermalStatus === undefined ? {} : { thermalStatus }),
    temperatures,
    cpus: cpusOf(facts),
    ...(gpu === undefined ? {} : { gpu }),
    ...(battery === undefined ? {} : { battery }),
    ...(screen === undefined ? {} : { screenOn: screen === "Awake" }),
    ...(load === undefined ? {} : { load }),
  };
}

function cpusOf(facts: Facts): DeviceState["cpus"] {
  const policies = new Set(
    [...facts.keys()].flatMap((key) => /^cpu\.(policy\d+)\./.exec(key)?.[1] ?? []),
  );
  return [...policies].sort().map((policy) => {
    const governor = fact(facts, `cpu.${policy}.scaling_governor`);
    const hertz = (name: string) => {
      const kilohertz = numberOf(fact(facts, `cpu.${policy}.scaling_${name}_freq`));
      return kilohertz === undefined ? undefined : kilohertz * 1_000;
    };
    const [currentHz, minHz, maxHz] = [hertz("cur"), hertz("min"), hertz("max")];
    return {
      policy,
      ...(governor === undefined ? {} : { governor }),
      ...(currentHz === undefined ? {} : { currentHz }),
      ...(minHz === undefined ? {} : { minHz }),
      ...(maxHz === undefined ? {} : { maxHz }),
    };
  });
}

function gpuOf(facts: Facts): DeviceState["gpu"] {
  const governor = fact(facts, "gpu.governor");
  const hertz = numberOf(fact(facts, "gpu.hz"));
  const megahertz = numberOf(fact(facts, "gpu.mhz"));
  const currentHz = hertz ?? (megahertz === undefined ? undefined : megahertz * 1e6);
  if (governor === undefined && currentHz === undefined) return undefined;
  return {
    ...(governor === undefined ? {} : { governor }),
    ...(currentHz === undefined ? {} : { currentHz }),
  };
}

/** Android's BatteryManager: status 2 is charging, 5 full. */
function batteryOf(facts: Facts): DeviceState["battery"] {
  const percent = numberOf(fact(facts, "battery.percent"));
  const status = numberOf(fact(facts, "battery.status"));
  const decidegrees = numberOf(fact(facts, "battery.decidegrees"));
  if (percent === undefined && status === undefined && decidegrees === undefined) return undefined;
  return {
    ...(percent === undefined ? {} : { percent }),
    ...(status === undefined ? {} : { charging: status === 2 || status === 5 }),
    ...(decidegrees === undefined ? {} : { temperature: decidegrees / 10 }),
  };
}

function numberOf(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || !Number.isFinite(value) ? undefined : value;
}
