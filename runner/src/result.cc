#include "result.h"

#include <csignal>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

namespace vkforge {
namespace {

using nlohmann::ordered_json;

std::string UtcNow() {
  std::timespec now{};
  std::timespec_get(&now, TIME_UTC);
  std::tm parts{};
  gmtime_r(&now.tv_sec, &parts);
  char seconds[32];
  std::strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", &parts);
  char text[48];
  std::snprintf(text, sizeof(text), "%s.%03ldZ", seconds, now.tv_nsec / 1'000'000);
  return text;
}

Failure FailureOfExit(const Options& options, const WorkerExit& exit, const std::string& stage) {
  const std::string during = stage.empty() ? "" : " in stage \"" + stage + "\"";
  switch (exit.kind) {
    case WorkerExit::Kind::kTimedOut:
      return {FailureCode::kTimeout,
              "The worker was still busy after " + std::to_string(options.timeout_ms) + " ms" + during,
              "Raise --timeout-ms, or lower --iterations", ""};
    case WorkerExit::Kind::kInterrupted:
      return {FailureCode::kInternal, "The run was interrupted" + during, "", ""};
    case WorkerExit::Kind::kSignalled:
      if (exit.status == SIGKILL) {
        return {FailureCode::kOutOfMemory, "The worker was killed" + during,
                "Most likely by the kernel or a memory limit, for using too much memory", "SIGKILL"};
      }
      return {
          FailureCode::kCrash, "The worker died of " + SignalName(exit.status) + during,
          options.backend == Backend::kVulkan ? "The fault lies in the Vulkan driver or in the backend" : "",
          SignalName(exit.status)};
    case WorkerExit::Kind::kFinished:
      break;
  }
  return {FailureCode::kInternal, "The worker ended without a result" + during, "",
          "exit status " + std::to_string(exit.status)};
}

}  // namespace

ordered_json EmptyResult(const Options& options) {
  return {{"schema", 1},
          {"ok", false},
          {"failure", nullptr},
          {"stage", nullptr},
          {"backend", BackendText(options.backend)},
          {"threads", nullptr},
          {"ompWaitPolicy", nullptr},
          {"torch", nullptr},
          {"plugin", nullptr},
          {"model", nullptr},
          {"device", nullptr},
          {"synchronization", nullptr},
          {"pluginMs", nullptr},
          {"deviceMs", nullptr},
          {"loadMs", nullptr},
          {"firstRun", nullptr},
          {"warmup", 0},
          {"warmupMs", ordered_json::array()},
          {"warm", nullptr},
          {"iterations", options.iterations},
          {"budgetMs", options.budget_ms > 0 ? ordered_json(options.budget_ms) : ordered_json()},
          {"stoppedBy", nullptr},
          {"samples", ordered_json::array()},
          {"phases", ordered_json::array()},
          {"gpu", nullptr},
          {"outputsIdentical", nullptr},
          {"outputs", ordered_json::array()},
          {"warnings", ordered_json::array()},
          {"peakRssBytes", nullptr},
          {"startedAt", UtcNow()}};
}

ordered_json FailureJson(const Failure& failure) {
  constexpr size_t kMaxDetail = 16 * 1024;
  return {{"code", FailureCodeText(failure.code)},
          {"message", failure.message},
          {"hint", failure.hint},
          {"detail", failure.detail.substr(0, kMaxDetail)}};
}

ordered_json FinishResult(const Options& options, const WorkerExit& exit) {
  ordered_json result = ordered_json::parse(exit.last_message, nullptr, /*allow_exceptions=*/false);
  if (!result.is_object()) result = EmptyResult(options);
  result["peakRssBytes"] = exit.peak_rss_bytes;
  const bool ended_well = exit.kind == WorkerExit::Kind::kFinished && exit.status == 0;
  if (!ended_well && result["failure"].is_null()) {
    const std::string stage = result["stage"].is_string() ? result["stage"].get<std::string>() : "";
    result["failure"] = FailureJson(FailureOfExit(options, exit, stage));
  }
  result["ok"] = ended_well && result["failure"].is_null();
  return result;
}

}  // namespace vkforge
