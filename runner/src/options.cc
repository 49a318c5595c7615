#include "options.h"

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <limits>
#include <map>

#include "failure.h"

namespace vkforge {
namespace {

[[noreturn]] void FailUsage(const std::string& message) {
  throw FailureError({FailureCode::kUsage, message, "Run \"vkforge-runner --help\"", ""});
}

int64_t ParseCount(const std::string& name, const std::string& text, int64_t minimum, int64_t maximum) {
  errno = 0;
  char* end = nullptr;
  const long long value = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0' || errno != 0 || value < minimum || value > maximum) {
    FailUsage("Cannot read \"" + name + " " + text + "\": expected a whole number from " +
              std::to_string(minimum) + " to " + std::to_string(maximum));
  }
  return value;
}

int ParseInt(const std::string& name, const std::string& text, int minimum) {
  return static_cast<int>(ParseCount(name, text, minimum, 1'000'000));
}

Backend ParseBackend(const std::string& text) {
  if (text == "cpu") return Backend::kCpu;
  if (text == "vulkan") return Backend::kVulkan;
  FailUsage("Cannot use the backend \"" + text + "\": expected cpu or vulkan");
}

void CheckRun(const Options& options, bool backend_given) {
  if (options.model.empty()) FailUsage("Missing --model");
  if (!backend_given) FailUsage("Missing --backend");
  if (options.inputs.empty()) FailUsage("Missing --input");
  if (options.output_dir.empty()) FailUsage("Missing --out");
  if (options.backend == Backend::kCpu && !options.expect_device.empty()) {
    FailUsage("Cannot use --expect-device with --backend cpu");
  }
}

}  // namespace

const char* BackendText(Backend backend) { return backend == Backend::kCpu ? "cpu" : "vulkan"; }

Options ParseOptions(const std::vector<std::string>& arguments) {
  Options options;
  bool backend_given = false;
  const std::map<std::string, std::function<void()>> flags{
      {"--help", [&] { options.help = true; }},
      {"--describe", [&] { options.describe = true; }},
      {"--allow-non-finite", [&] { options.allow_non_finite = true; }},
  };
  const std::map<std::string, std::function<void(const std::string&)>> settings{
      {"--model", [&](const std::string& value) { options.model = value; }},
      {"--backend",
       [&](const std::string& value) {
         options.backend = ParseBackend(value);
         backend_given = true;
       }},
      {"--plugin", [&](const std::string& value) { options.plugin = value; }},
      {"--input", [&](const std::string& value) { options.inputs.push_back(value); }},
      {"--out", [&](const std::string& value) { options.output_dir = value; }},
      {"--expect-device", [&](const std::string& value) { options.expect_device = value; }},
      {"--warmup", [&](const std::string& value) { options.warmup = ParseInt("--warmup", value, 0); }},
      {"--warmup-max",
       [&](const std::string& value) { options.warmup_max = ParseInt("--warmup-max", value, 0); }},
      {"--iterations",
       [&](const std::string& value) { options.iterations = ParseInt("--iterations", value, 0); }},
      {"--budget-ms",
       [&](const std::string& value) {
         options.budget_ms = ParseCount("--budget-ms", value, 1, std::numeric_limits<int>::max());
       }},
      {"--phase-iterations",
       [&](const std::string& value) {
         options.phase_iterations = ParseInt("--phase-iterations", value, 0);
       }},
      {"--gpu-iterations",
       [&](const std::string& value) { options.gpu_iterations = ParseInt("--gpu-iterations", value, 0); }},
      {"--threads", [&](const std::string& value) { options.threads = ParseInt("--threads", value, 1); }},
      {"--timeout-ms",
       [&](const std::string& value) {
         options.timeout_ms = ParseCount("--timeout-ms", value, 1, std::numeric_limits<int>::max());
       }},
  };

  for (size_t i = 0; i < arguments.size(); i++) {
    const size_t equals = arguments[i].find('=');
    const std::string name = arguments[i].substr(0, equals);
    const auto flag = flags.find(name);
    if (flag != flags.end() && equals == std::string::npos) {
      flag->second();
      continue;
    }
    const auto setting = settings.find(name);
    if (setting == settings.end()) FailUsage("Unknown argument \"" + arguments[i] + "\"");
    if (equals != std::string::npos) {
      setting->second(arguments[i].substr(equals + 1));
    } else if (i + 1 < arguments.size()) {
      setting->second(arguments[++i]);
    } else {
      FailUsage("Missing value after \"" + name + "\"");
    }
  }
  if (options.describe) {
    options.backend = Backend::kVulkan;
  } else if (!options.help) {
    CheckRun(options, backend_given);
  }
  if (options.phase_iterations < 0) options.phase_iterations = options.iterations;
  if (options.warmup_max < options.warmup) options.warmup_max = options.warmup;
  return options;
}

const char* UsageText() {
  return "Runs a TorchScript model on one backend and writes outputs and timings.\n"
         "\n"
         "  vkforge-runner --model M.pt --backend cpu|vulkan --input A.json [--input B.json] --out DIR\n"
         "  vkforge-runner --describe [--plugin LIB]\n"
         "\n"
         "  --model FILE           TorchScript file (full JIT)\n"
         "  --backend cpu|vulkan   where the model runs\n"
         "  --plugin LIB           Vulkan backend to load, where libtorch has none\n"
         "  --input FILE           header of a tensor file; once per argument of the model, in their order\n"
         "  --out DIR              folder for result.json and the outputs; made if missing\n"
         "  --warmup N             runs before the measured ones (default 3)\n"
         "  --warmup-max N         go on until runs no longer become faster, up to N (default: no further)\n"
         "  --iterations N         measured runs, host to host (default 10); 0: only the first run\n"
         "  --budget-ms N          time that the runs after the first may take; half of it for warm-up. At\n"
         "                         least one measured run of each kind is made (default: no limit)\n"
         "  --phase-iterations N   further runs with upload, compute and download timed apart\n"
         "                         (vulkan only; default: as many as --iterations)\n"
         "  --gpu-iterations N     further runs with each command timed by the device's own clock (vulkan "
         "only;\n"
         "                         default 0)\n"
         "  --threads N            CPU threads (default: physical cores allowed to the process, at most 4)\n"
         "  --expect-device TEXT   fail unless the Vulkan device's name contains TEXT\n"
         "  --timeout-ms N         limit for everything (default 600000)\n"
         "  --allow-non-finite     NaN or Inf in an output is no failure\n"
         "  --describe             print the Vulkan device as JSON and do nothing else\n"
         "\n"
         "Exit codes: 0 ok, 1 failure recorded in result.json, 2 wrong arguments.\n";
}

}  // namespace vkforge
