/**
 * What showing a large build costs: `deno bench ui/terminal_bench.ts`.
 *
 * The clock moves 1 ms per event, so the terminal is redrawn about a thousand times.
 *
 * @module
 */
import { FakeScreen } from "./_fake_screen.ts";
import { stressEvents } from "./_stress_events.ts";
import { openRenderer } from "./pick.ts";
import { RENDERER_NAMES } from "./renderer.ts";

const events = stressEvents();
const env = { get: () => undefined };

for (const verbose of [false, true]) {
  for (const name of RENDERER_NAMES) {
    Deno.bench(`${name}${verbose ? " --verbose" : ""}, ${events.length} events`, { n: 5 }, () => {
      const screen = new FakeScreen();
      using renderer = openRenderer(name, { isTty: true, env, screen, verbose });
      for (const event of events) {
        screen.block(1);
        renderer.onEvent(event);
      }
    });
  }
}
