/**
 * Checking the operators of any TorchScript file.
 *
 * @module
 */
export { type CheckOpsOptions, checkOpsStep, MENDED_FILE } from "./check_ops.ts";
export { agreementStep } from "./agreement.ts";
export { renderCheck, type RenderOptions } from "./render.ts";
export { type CheckReport, isGood, type OperatorReport, parseCheck } from "./report.ts";
