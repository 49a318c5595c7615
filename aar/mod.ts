/**
 * Reading and judging AARs, Android's library archives. Knows nothing of how they are built.
 *
 * @module
 */
export { ABIS } from "./abi.ts";
export type { Check, CheckResult, Judgement, Status } from "./check.ts";
export { type AarDifference, compareAars } from "./compare.ts";
export { type Verdict, verdictDocument } from "./document.ts";
export { CHECKS, isGood, judgeAar, type JudgeOptions } from "./judge.ts";
export { verdictLines } from "./lines.ts";
export { type Aar, readAar } from "./read_aar.ts";
