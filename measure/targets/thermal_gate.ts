/**
 * Waiting until a device is cool enough to go on: a hot one slows itself down, whichever arm runs.
 *
 * @module
 */
import type { DeviceState, Profile } from "./evidence.ts";

/** Degrees above where it began that the profile "lab" allows. */
const MAX_RISE = 2;

/** Why a device should cool down first; `undefined` where it need not. */
export function tooWarm(
  state: DeviceState,
  { baseline, profile }: { readonly baseline: DeviceState | undefined; readonly profile: Profile },
): string | undefined {
  if ((state.thermalStatus ?? 0) > 0) return `its thermal status is ${state.thermalStatus}`;
  if (profile !== "lab" || baseline === undefined) return undefined;
  for (const [sensor, now] of Object.entries(state.temperatures)) {
    const before = baseline.temperatures[sensor];
    if (before !== undefined && now > before + MAX_RISE) {
      return `${sensor} is at ${now.toFixed(1)} °C, ${(now - before).toFixed(1)} °C above the beginning`;
    }
  }
  return undefined;
}
