#include "worker.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/version.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "budget.h"
#include "cpu_count.h"
#include "failing_op.h"
#include "failure.h"
#include "file.h"
#include "gpu_times.h"
#include "model_run.h"
#include "result.h"
#include "tensor_file.h"
#include "tensor_statistics.h"
#include "torch_error.h"
#include "torch_tensor.h"
#include "vulkan_backend.h"
#include "warmup.h"
#include "warning_log.h"

namespace vkforge {
namespace {

using nlohmann::ordered_json;

ordered_json PhasesJson(const PhaseTimes& times) {
  return {{"uploadMs", times.upload_ms},
          {"computeMs", times.compute_ms},
          {"downloadMs", times.download_ms},
          {"totalMs", times.total_ms}};
}

using Clock = std::chrono::steady_clock;

double MsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

template <typename Function>
double TimeMs(Function function) {
  const Clock::time_point start = Clock::now();
  function();
  return MsSince(start);
}

bool SameBytes(const std::vector<NamedTensor>& a, const std::vector<NamedTensor>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); i++) {
    const at::Tensor x = a[i].tensor.contiguous();
    const at::Tensor y = b[i].tensor.contiguous();
    if (a[i].name != b[i].name || x.scalar_type() != y.scalar_type() || x.sizes() != y.sizes() ||
        std::memcmp(x.data_ptr(), y.data_ptr(), x.nbytes()) != 0) {
      return false;
    }
  }
  return true;
}

class Worker {
 public:
  Worker(const Options& options, const Reporter& reporter)
      : options_(options), reporter_(reporter), result_(EmptyResult(options)) {}

  // Turns every exception into a failure of the stage in which it came.
  int Run() {
    const int status = Guard([this] { RunStages(); });
    Report();
    return status;
  }

  int Describe() {
    ordered_json device;
    const int status = Guard([&] {
      Enter(Stage::kPlugin);
      const VulkanBackend backend(options_.plugin);
      Enter(Stage::kDevice);
      device = ordered_json::parse(backend.Describe(options_.expect_device));
    });
    if (status == 0) {
      reporter_.Send(device.dump());
    } else {
      Report();
    }
    return status;
  }

 private:
  template <typename Function>
  int Guard(Function function) {
    try {
      function();
      return 0;
    } catch (const FailureError& error) {
      result_["failure"] = FailureJson(error.failure());
    } catch (const std::bad_alloc& error) {
      result_["failure"] =
          FailureJson({FailureCode::kOutOfMemory, "The host has no memory left", "", error.what()});
    } catch (const std::exception& error) {
      result_["failure"] =
          FailureJson(ClassifyTorchError(error.what(), stage_, options_.backend, failing_op_));
    }
    return 1;
  }

  void RunStages() {
    Enter(Stage::kInput);
    std::vector<at::Tensor> inputs;
    for (const std::string& path : options_.inputs) inputs.push_back(ToTorch(ReadTensor(path)));
    DigestModel();
    SetThreads();
    if (options_.backend == Backend::kVulkan) StartVulkan();

    // As the Android bindings do: no autograd, and the graph stays as it was saved.
    const c10::InferenceMode inference;
    const torch::jit::GraphOptimizerEnabledGuard no_optimizer(false);
    Enter(Stage::kLoad);
    torch::jit::Module module;
    result_["loadMs"] = TimeMs([&] { module = torch::jit::load(options_.model, c10::Device(c10::kCPU)); });

    ModelRun run(std::move(module), std::move(inputs), vulkan_.get());
    Enter(Stage::kFirstRun);
    const RunOutput first = RunFirst(run);
    result_["firstRun"] = PhasesJson(first.times);
    Enter(Stage::kRun);
    Measure(run, first);
    Enter(Stage::kOutput);
    WriteOutputs(first.tensors);
  }

  // A model that cannot run fails in its first run. It is then run once more, to learn in which operator.
  RunOutput RunFirst(ModelRun& run) {
    try {
      return run.RunInPhases();
    } catch (const std::exception&) {
      failing_op_ = FindFailingOp([&] { run.RunInPhases(); });
      throw;
    }
  }

  void DigestModel() {
    const FileDigest digest = DigestFile(options_.model);
    result_["model"] = {{"sha256", digest.sha256}, {"sizeBytes", digest.size_bytes}};
  }

  void SetThreads() {
    const int threads = options_.threads > 0 ? options_.threads : DefaultThreadCount();
    at::set_num_threads(threads);
    at::set_num_interop_threads(1);
    result_["threads"] = threads;
    const char* const wait_policy = std::getenv("OMP_WAIT_POLICY");
    if (wait_policy != nullptr) result_["ompWaitPolicy"] = wait_policy;
    result_["torch"] = {{"version", TORCH_VERSION}};
  }

  void StartVulkan() {
    Enter(Stage::kPlugin);
    result_["pluginMs"] = TimeMs([this] { vulkan_ = std::make_unique<VulkanBackend>(options_.plugin); });
    if (!options_.plugin.empty()) {
      result_["plugin"] = {{"path", options_.plugin}, {"sha256", DigestFile(options_.plugin).sha256}};
    }
    Enter(Stage::kDevice);
    result_["deviceMs"] = TimeMs(
        [this] { result_["device"] = ordered_json::parse(vulkan_->Describe(options_.expect_device)); });
    result_["synchronization"] = vulkan_->SynchronizationText();
  }

  // Plain and phased runs take turns, so that a machine that slows down slows both. Where there is a budget,
  // the last run's time says whether another fits.
  void Measure(ModelRun& run, const RunOutput& first) {
    bool identical = true;
    Budget budget(static_cast<double>(options_.budget_ms));
    double last_ms = first.times.total_ms;
    const auto keep = [&](const RunOutput& output) {
      identical = identical && SameBytes(output.tensors, first.tensors);
      last_ms = output.times.total_ms;
      budget.Spend(last_ms);
      return output.times;
    };
    std::vector<double> warmup_ms;
    const auto wants_warmup = [&](int done) {
      return done < options_.warmup || (done < options_.warmup_max && !IsWarm(warmup_ms));
    };
    for (int i = 0; wants_warmup(i) && budget.Fits(last_ms, kWarmupShare); i++) {
      warmup_ms.push_back(keep(run.Run()).total_ms);
    }
    result_["warmup"] = warmup_ms.size();
    result_["warmupMs"] = warmup_ms;
    if (options_.warmup_max > options_.warmup) result_["warm"] = IsWarm(warmup_ms);

    const int iterations = options_.iterations;
    const int phase_iterations = vulkan_ ? options_.phase_iterations : 0;
    result_["stoppedBy"] = "iterations";
    for (int i = 0; i < iterations || i < phase_iterations; i++) {
      const int runs = (i < iterations ? 1 : 0) + (i < phase_iterations ? 1 : 0);
      if (i > 0 && !budget.Fits(runs * last_ms)) {
        result_["stoppedBy"] = "budget";
        break;
      }
      if (i < iterations) {
        const double at_ms = MsSince(started_);
        result_["samples"].push_back({{"totalMs", keep(run.Run()).total_ms}, {"atMs", at_ms}});
      }
      if (i < phase_iterations) {
        const double at_ms = MsSince(started_);
        ordered_json phases = PhasesJson(keep(run.RunInPhases()));
        phases["atMs"] = at_ms;
        result_["phases"].push_back(std::move(phases));
      }
    }
    if (vulkan_ && options_.gpu_iterations > 0) {
      result_["gpu"] =
          MeasureOnDeviceClock([&](TimedRun* timed) { return keep(run.RunOnDeviceClock(timed)); },
                               [&] { return budget.Fits(last_ms); });
    }
    result_["outputsIdentical"] = identical;
  }

  // After the runs that count, since timestamps take time of their own. One run at least, as of every other
  // kind.
  ordered_json MeasureOnDeviceClock(const std::function<PhaseTimes(TimedRun*)>& run,
                                    const std::function<bool()>& fits) {
    if (!vulkan_->CanTimeCommands()) {
      return WithoutTimestamps("the backend is part of libtorch, whose commands cannot be timed");
    }
    if (!vulkan_->StartTiming()) return WithoutTimestamps("the device's compute queue has no timestamps");
    GpuTimes times;
    for (int i = 0; i < options_.gpu_iterations && (i == 0 || fits()); i++) {
      const double at_ms = MsSince(started_);
      TimedRun timed;
      const double total_ms = run(&timed).total_ms;
      times.Add(timed, at_ms, total_ms);
    }
    vulkan_->StopTiming();
    return times.Json();
  }

  static ordered_json WithoutTimestamps(const char* reason) {
    return {{"source", "none"},
            {"reason", reason},
            {"runs", ordered_json::array()},
            {"ops", ordered_json::array()}};
  }

  void WriteOutputs(const std::vector<NamedTensor>& outputs) {
    std::string not_finite;
    for (size_t i = 0; i < outputs.size(); i++) {
      const HostTensor tensor = ToHost(outputs[i].name, outputs[i].tensor);
      const std::string base = "output" + std::to_string(i);
      const std::string sha256 = WriteTensor(tensor, options_.output_dir, base);
      const TensorStatistics statistics = ComputeStatistics(tensor);
      result_["outputs"].push_back(
          {{"name", tensor.name},
           {"file", base + ".json"},
           {"dtype", DTypeText(tensor.dtype)},
           {"shape", tensor.shape},
           {"sizeBytes", tensor.data.size()},
           {"sha256", sha256},
           {"nan", statistics.nan},
           {"inf", statistics.inf},
           {"zero", statistics.zero},
           {"min", statistics.has_range ? ordered_json(statistics.min) : ordered_json()},
           {"max", statistics.has_range ? ordered_json(statistics.max) : ordered_json()}});
      if (not_finite.empty() && statistics.nan + statistics.inf > 0) {
        not_finite = "\"" + tensor.name + "\" holds " + std::to_string(statistics.nan) + " NaN and " +
                     std::to_string(statistics.inf) + " Inf";
      }
    }
    if (!not_finite.empty() && !options_.allow_non_finite) {
      throw FailureError({FailureCode::kNotFinite, "The output " + not_finite,
                          "Pass --allow-non-finite if the model means it", ""});
    }
  }

  void Enter(Stage stage) {
    stage_ = stage;
    result_["stage"] = StageText(stage);
    Report();
  }

  // An exception's text may hold bytes that are not UTF-8; they are replaced.
  void Report() {
    result_["warnings"] = warnings_.lines();
    reporter_.Send(result_.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  }

  // Of the budget: what is left over goes to the runs that count.
  static constexpr double kWarmupShare = 0.5;

  const Clock::time_point started_ = Clock::now();
  const Options& options_;
  const Reporter& reporter_;
  ordered_json result_;
  Stage stage_ = Stage::kInput;
  std::string failing_op_;
  std::unique_ptr<VulkanBackend> vulkan_;
  WarningLog warnings_;
};

}  // namespace

int RunModel(const Options& options, const Reporter& reporter) { return Worker(options, reporter).Run(); }

int DescribeDevice(const Options& options, const Reporter& reporter) {
  return Worker(options, reporter).Describe();
}

}  // namespace vkforge
