/**
 * Upstream's own tests of the Vulkan backend: the steps that build and run them, and their reports.
 *
 * @module
 */
export {
  conformanceArguments,
  conformanceBinaries,
  type ConformanceOptions,
  type ConformanceRun,
  conformanceSelfTest,
  conformanceSteps,
  type NamedRuntime,
} from "./conformance.ts";
export {
  conformanceJunit,
  ConformanceRecords,
  mergeRecords,
  statusOf,
  type SuiteSummary,
  summarizeRecords,
  type TestStatus,
} from "./report.ts";
