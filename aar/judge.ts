/**
 * All checks over one AAR.
 *
 * @module
 */
import type { Check, CheckResult } from "./check.ts";
import { archive, archiveSafety, classes, layout, manifest } from "./checks/archive.ts";
import { buildId, hostPaths, licences, stripped } from "./checks/hygiene.ts";
import {
  abi,
  abiParity,
  apiLevel,
  executableStack,
  needed,
  pageAlignment,
  soname,
  textRelocations,
  zipAlignment,
} from "./checks/libraries.ts";
import { jniVariant, pytorchClasses, shaders, vulkanBackend } from "./checks/pytorch.ts";
import type { Aar } from "./read_aar.ts";

/** Every check, in the order in which a reader wants them. */
export const CHECKS: readonly Check[] = [
  archive,
  archiveSafety,
  layout,
  manifest,
  classes,
  abi,
  abiParity,
  needed,
  apiLevel,
  soname,
  pageAlignment,
  zipAlignment,
  textRelocations,
  executableStack,
  jniVariant,
  pytorchClasses,
  vulkanBackend,
  shaders,
  stripped,
  buildId,
  hostPaths,
  licences,
];

/** How strict to be. */
export interface JudgeOptions {
  /** Names of checks whose failure is known and accepted. */
  readonly allow?: readonly string[];
  /** Whether warnings count as failures. */
  readonly strict?: boolean;
}

/** Results of all checks. */
export function judgeAar(aar: Aar, { allow = [], strict = false }: JudgeOptions = {}): CheckResult[] {
  return CHECKS.map((check): CheckResult => {
    const judgement = check.judge(aar);
    return {
      name: check.name,
      ...judgement,
      status: settle(judgement.status, allow.includes(check.name), strict),
    };
  });
}

/** Whether no check failed. */
export function isGood(results: readonly CheckResult[]): boolean {
  return results.every(({ status }) => status !== "fail");
}

function settle(status: CheckResult["status"], isAllowed: boolean, strict: boolean): CheckResult["status"] {
  if (status !== "fail" && status !== "warn") return status;
  if (isAllowed) return "allowed";
  return strict ? "fail" : status;
}
