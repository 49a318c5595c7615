/**
 * A check as text.
 *
 * @module
 */
import type { CheckReport, OperatorReport } from "./report.ts";

/** Options of {@linkcode renderCheck}. */
export interface RenderOptions {
  /** Shows the operators that are right too, one line each. */
  readonly verbose?: boolean;
}

/** One operator and all calls of it that share a verdict, a reason and rewrites. */
interface Group {
  readonly first: OperatorReport;
  readonly places: readonly string[];
}

/** The lines for a terminal: what is not right first, each fault once with the places where it is. */
export function renderCheck(found: CheckReport, options: RenderOptions = {}): string[] {
  const groups = grouped(found.operators.filter(({ verdict }) => verdict !== "right"));
  const right = found.operators.filter(({ verdict }) => verdict === "right");
  return [
    ...groups.flatMap(faultLines),
    ...(options.verbose === true
      ? grouped(right).map(({ first, places }) => `right  ${first.op} x${places.length}`)
      : []),
    summary(found, right.length),
    ...fixLines(found),
  ];
}

function faultLines({ first, places }: Group): string[] {
  const shown = places.slice(0, 3).join(", ");
  const more = places.length > 3 ? ` and ${places.length - 3} more` : "";
  return [
    `${first.verdict}  ${first.op} x${places.length}: ${first.reason}`,
    `  at ${shown}${more}`,
    `  ${mendLine(first)}`,
  ];
}

function mendLine({ rewrites, left }: OperatorReport): string {
  if (left.length === 0) return `mended by ${rewrites.join(", ")}`;
  const reason = left[0]?.reason ?? "";
  return rewrites.length === 0 ? "no rewrite mends it" : `${rewrites.join(", ")} does not suffice: ${reason}`;
}

function summary(found: CheckReport, right: number): string {
  const total = found.operators.length;
  const wrong = total - right;
  const stays = found.operators.filter(({ left }) => left.length > 0).length;
  if (wrong === 0) return `all ${total} operators are right on the ${found.runtime} runtime`;
  const rest = stays === 0 ? "rewrites mend them all" : `rewrites mend all but ${stays}`;
  return `${right} of ${total} operators are right on the ${found.runtime} runtime, ${wrong} are not; ${rest}`;
}

function fixLines({ fix }: CheckReport): string[] {
  if (fix === undefined) return [];
  const names = Object.entries(fix.rewrites).map(([name, count]) => `${name} x${count}`);
  const difference = fix.difference === null ? "infinity" : fix.difference.toExponential(1);
  return [
    names.length === 0 ? "nothing had to be rewritten" : `rewritten: ${names.join(", ")}`,
    fix.equal
      ? `equal on the CPU: ${difference} of the outputs' scale at most, in float64`
      : `not equal on the CPU: ${difference} of the outputs' scale, over ${fix.tolerance}; no file is written`,
  ];
}

function grouped(operators: readonly OperatorReport[]): Group[] {
  const groups = new Map<string, OperatorReport[]>();
  for (const operator of operators) {
    const key = JSON.stringify([
      operator.op,
      operator.verdict,
      operator.reason,
      operator.rewrites,
      operator.left,
    ]);
    groups.set(key, [...groups.get(key) ?? [], operator]);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined ? [] : [{ first, places: members.map(place) }];
  });
}

/** Where an operator stands, as the file tells it. */
function place({ source, scope, name }: OperatorReport): string {
  const where = [source, scope === "" ? "" : `(${scope})`].filter((part) => part !== "").join(" ");
  return where === "" ? `%${name}` : where;
}
