#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "failure.h"
#include "file.h"
#include "options.h"
#include "result.h"
#include "supervisor.h"
#include "worker.h"

namespace vkforge {
namespace {

using nlohmann::ordered_json;

constexpr int kExitOk = 0;
constexpr int kExitFailure = 1;
constexpr int kExitUsage = 2;

// stdout carries exactly one line of JSON; all text for people goes to stderr.
void PrintLine(const ordered_json& json) {
  std::printf("%s\n", json.dump(-1, ' ', false, ordered_json::error_handler_t::replace).c_str());
}

void Explain(const ordered_json& failure) {
  std::fprintf(stderr, "vkforge-runner: %s\n", failure.value("message", "").c_str());
  const std::string hint = failure.value("hint", "");
  if (!hint.empty()) std::fprintf(stderr, "hint: %s\n", hint.c_str());
}

int Fail(const Failure& failure, int exit_code) {
  const ordered_json json = FailureJson(failure);
  Explain(json);
  PrintLine({{"schema", 1}, {"ok", false}, {"result", nullptr}, {"failure", json}});
  return exit_code;
}

int Describe(const Options& options) {
  const WorkerExit exit = Supervise(
      [&](const Reporter& reporter) { return DescribeDevice(options, reporter); }, options.timeout_ms);
  if (exit.kind == WorkerExit::Kind::kFinished && exit.status == 0) {
    std::printf("%s\n", exit.last_message.c_str());
    return kExitOk;
  }
  const ordered_json failure = FinishResult(options, exit)["failure"];
  Explain(failure);
  PrintLine({{"schema", 1}, {"ok", false}, {"failure", failure}});
  return kExitFailure;
}

int Run(const Options& options) {
  MakeDirectory(options.output_dir);
  const WorkerExit exit =
      Supervise([&](const Reporter& reporter) { return RunModel(options, reporter); }, options.timeout_ms);
  const ordered_json result = FinishResult(options, exit);
  const std::string path = options.output_dir + "/result.json";
  const std::string text = result.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  WriteFile(path, text.data(), text.size());
  if (!result["ok"]) Explain(result["failure"]);
  PrintLine({{"schema", 1}, {"ok", result["ok"]}, {"result", path}});
  return result["ok"] ? kExitOk : kExitFailure;
}

// libgomp's threads spin while they wait and so take the cores from the pool that XNNPACK computes with:
// mobilenet_v2 with 2 threads on 2 cores takes 372 ms that way and 30 ms with waiting threads asleep. libgomp
// reads the variable when it is loaded, before main(), so the program starts once more.
void WaitPassively([[maybe_unused]] char** argv) {
#if defined(__linux__) && !defined(__ANDROID__)
  if (std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  setenv("OMP_WAIT_POLICY", "passive", 1);
  execv("/proc/self/exe", argv);
  // Where that is not possible the run is slower, not wrong.
#endif
}

int Main(const std::vector<std::string>& arguments) {
  try {
    const Options options = ParseOptions(arguments);
    if (options.help) {
      std::fputs(UsageText(), stdout);
      return kExitOk;
    }
    return options.describe ? Describe(options) : Run(options);
  } catch (const FailureError& error) {
    return Fail(error.failure(), error.failure().code == FailureCode::kUsage ? kExitUsage : kExitFailure);
  } catch (const std::exception& error) {
    return Fail({FailureCode::kInternal, error.what(), "", ""}, kExitFailure);
  }
}

}  // namespace
}  // namespace vkforge

int main(int argc, char** argv) {
  vkforge::WaitPassively(argv);
  return vkforge::Main(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
