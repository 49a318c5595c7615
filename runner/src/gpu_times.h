#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace vkforge {

// A dispatch or a copy on the device's own clock. Commands never overlap: one begins when all before it have
// ended.
struct CommandTime {
  uint32_t label = 0;
  double begin_ns = 0;  // since the begin of the first command
  double end_ns = 0;
};

// An operator that a model's graph calls.
struct OpCall {
  std::string name;
  std::vector<std::vector<int64_t>> shapes;  // of its tensor arguments
};

// One run of a model with every command timed by the device. In the compute phase the label of a command is
// the number of its operator's call, from 1; what belongs to none has 0.
struct TimedRun {
  std::vector<CommandTime> upload;
  std::vector<CommandTime> compute;
  std::vector<CommandTime> download;
  std::vector<OpCall> calls;
};

// Gathers timed runs.
class GpuTimes {
 public:
  // at_ms: when the run began; total_ms: how long it took the host.
  void Add(const TimedRun& run, double at_ms, double total_ms);

  // For the result file: time of each phase of each run, and of each operator that had commands in each run.
  nlohmann::ordered_json Json() const;

 private:
  struct Op {
    size_t index;
    OpCall call;
    int commands;
    std::vector<double> busy_ms;  // one for each run
  };

  static std::vector<Op> OpsOf(const TimedRun& run);
  static bool SameCalls(const std::vector<Op>& a, const std::vector<Op>& b);

  std::vector<nlohmann::ordered_json> runs_;
  std::vector<Op> ops_;
};

}  // namespace vkforge
