#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vkforge {

enum class Backend { kCpu, kVulkan };

const char* BackendText(Backend backend);

struct Options {
  bool help = false;
  bool describe = false;
  bool allow_non_finite = false;
  Backend backend = Backend::kCpu;
  std::string model;
  std::string plugin;               // empty: the backend is part of libtorch
  std::vector<std::string> inputs;  // tensor headers, in the order of the model's arguments
  std::string output_dir;
  std::string expect_device;  // empty: any
  int warmup = 3;
  int warmup_max = -1;  // -1: as many as warmup
  int iterations = 10;
  int phase_iterations = -1;  // -1: as many as iterations
  int gpu_iterations = 0;     // with each command timed by the device
  int threads = 0;            // 0: chosen from the machine
  int64_t budget_ms = 0;      // 0: none
  int64_t timeout_ms = 10 * 60 * 1000;
};

// Reads the arguments after the program's name. Throws FailureError with kUsage.
Options ParseOptions(const std::vector<std::string>& arguments);

// The text of --help.
const char* UsageText();

}  // namespace vkforge
