/**
 * The order of a graph.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import { type Step, stepInputs } from "./step.ts";

/**
 * All steps that the targets need, each after what it reads.
 *
 * @throws {EngineError} "cycle"; "usage" if two different steps share a name
 */
export function inOrder(targets: readonly Step[]): Step[] {
  const ordered: Step[] = [];
  const done = new Set<Step>();
  const names = new Map<string, Step>();
  // Own stack: chains of thousands of steps would overflow the call stack.
  const stack: Array<{ step: Step; next: number; inputs: Step[] }> = [];
  const open = new Set<Step>();
  const enter = (step: Step) => {
    if (done.has(step)) return;
    if (open.has(step)) {
      const path = [...stack.map((frame) => frame.step.name), step.name];
      throw new EngineError(
        "cycle",
        `Steps need each other: ${path.slice(path.indexOf(step.name)).join(" → ")}`,
      );
    }
    const same = names.get(step.name);
    if (same !== undefined && same !== step) {
      throw new EngineError("usage", `Two steps have the name "${step.name}"`);
    }
    names.set(step.name, step);
    open.add(step);
    stack.push({ step, next: 0, inputs: stepInputs(step) });
  };
  for (const target of targets) {
    enter(target);
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const input = frame.inputs[frame.next++];
      if (input !== undefined) {
        enter(input);
        continue;
      }
      stack.pop();
      open.delete(frame.step);
      done.add(frame.step);
      ordered.push(frame.step);
    }
  }
  return ordered;
}
