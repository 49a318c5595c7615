import type { Event } from "../engine/event.ts";

/** A hundred thousand events of a build with 500 steps and 500 fetches, all of them running at the same time. */
export function stressEvents(): Event[] {
  const count = 500;
  const events: Event[] = [{ type: "build-start", targets: ["all"], steps: count, misses: count }];
  const chunk = new TextEncoder().encode("[12/34] g++ -O2 -c some/file/of/the/source/tree.cpp\n");
  const names = Array.from({ length: count }, (_, index) => `package-${index}`);
  for (const name of names) {
    events.push({ type: "fetch-start", name, url: "https://example.org", sizeBytes: 1_000_000 });
    events.push({
      type: "step-start",
      name,
      id: name,
      reason: "cache miss: main.cc changed",
      sandbox: "bwrap",
    });
  }
  const rounds = Math.floor((100_000 - 4 * count - 2) / (2 * count));
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) {
      const receivedBytes = Math.floor((1_000_000 * round) / rounds);
      events.push({ type: "fetch-progress", name, receivedBytes, sizeBytes: 1_000_000 });
      events.push({ type: "step-output", name, chunk });
    }
  }
  for (const name of names) {
    events.push({ type: "fetch-end", name, sizeBytes: 1_000_000, durationMs: 1000 });
    events.push({ type: "step-end", name, id: name, outcome: "built", durationMs: 1000 });
  }
  events.push({ type: "build-end", ok: true, durationMs: 60_000 });
  return events;
}
