/**
 * Measuring: parity of tensors, statistics of samples, verdicts, result folders, and what is rendered from them.
 *
 * The way through: {@linkcode readRunnerResult} what each process wrote, {@linkcode readOutputs} and
 * {@linkcode compareOutputs} its tensors, {@linkcode judgeModel} and {@linkcode judgeResult} it all, render it, and
 * {@linkcode writeResult} the folder.
 *
 * @module
 */
export { type Check, checksOf } from "./checks.ts";
export { deviceOf, SOFTWARE_VULKAN_NOTE } from "./device.ts";
export { EFFORT, type Effort, type EffortChanges, type EffortName, effortOf, EFFORTS } from "./effort.ts";
export { MeasureError, type MeasureErrorCode, type MeasureErrorOptions } from "./error.ts";
export { formatBytes, formatCosine, formatError, formatMs, formatTime } from "./format.ts";
export { verdictSentence, worstParity } from "./headline.ts";
export {
  judgeModel,
  type JudgeOptions,
  judgeResult,
  type MeasuredArm,
  type MeasuredModel,
  succeededRuns,
  type UnjudgedResult,
} from "./judge.ts";
export { measureModel, type MeasureModelRequest, type ModelForm, type OnStopped } from "./measure_model.ts";
export { renderJunit } from "./junit.ts";
export { type ComparedArms, compareOutputs, readOutputs } from "./outputs.ts";
export { type Both, compareTensors, type Parity, type ParityFigures, type Tolerance } from "./parity.ts";
export { type Random, seededRandom } from "./random.ts";
export { renderHtml, renderMarkdown, reportFiles } from "./report/mod.ts";
export {
  type Attachment,
  listResults,
  readResult,
  readRunnerResult,
  resultId,
  writeResult,
  type WriteResultOptions,
} from "./result.ts";
export {
  Backend,
  DeviceEvidence,
  PhasedSample,
  RUNNER_FAILURE_CODES,
  RunnerFailure,
  RunnerOutput,
  RunnerResult,
  Sample,
  Sha256,
  type SucceededRun,
} from "./runner_result.ts";
export {
  RUNNER_ENVIRONMENT,
  runnerArguments,
  type RunnerPlaces,
  type RunRequest,
} from "./runner_arguments.ts";
export { samplesCsv } from "./samples.ts";
export {
  Arm,
  ArmsComparison,
  CheckName,
  Device,
  Digest,
  Drift,
  Environment,
  Failure,
  FailureCode,
  Latency,
  ModelResult,
  ParityEntry,
  Result,
  ResultId,
  Run,
  StepTiming,
} from "./schema.ts";
export {
  bootstrapMedianInterval,
  type BootstrapOptions,
  describeSamples,
  type Interval,
  quantile,
  type Statistics,
} from "./statistics.ts";
export { type ModelSummary, summarize, type Summary } from "./summary.ts";
export { renderTable, type TableOptions } from "./table.ts";
export {
  type DType,
  elementCount,
  readTensor,
  type Tensor,
  type TensorData,
  TensorHeader,
} from "./tensor.ts";
export {
  DeviceState,
  HostTarget,
  type HostTargetOptions,
  type ImageProgram,
  MachineTarget,
  type MachineTargetOptions,
  Profile,
  type ProgramStart,
  type PushReport,
  type RemoteTarget,
  type RunOutcome,
  type SandboxedDriver,
  type Target,
  TargetEvidence,
} from "./targets/mod.ts";
