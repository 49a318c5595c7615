#include "gpu_times.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace vkforge {
namespace {

using nlohmann::ordered_json;

constexpr double kNsPerMs = 1e6;

double MillisecondsOf(const CommandTime& command) { return (command.end_ns - command.begin_ns) / kNsPerMs; }

ordered_json PhaseJson(const std::vector<CommandTime>& commands) {
  double busy_ms = 0;
  for (const CommandTime& command : commands) busy_ms += MillisecondsOf(command);
  const double span_ms =
      commands.empty() ? 0 : (commands.back().end_ns - commands.front().begin_ns) / kNsPerMs;
  return {{"busyMs", busy_ms}, {"spanMs", span_ms}, {"commands", commands.size()}};
}

}  // namespace

void GpuTimes::Add(const TimedRun& run, double at_ms, double total_ms) {
  std::vector<Op> ops = OpsOf(run);
  if (runs_.empty()) {
    ops_ = std::move(ops);
  } else if (SameCalls(ops_, ops)) {
    for (size_t i = 0; i < ops.size(); i++) ops_[i].busy_ms.push_back(ops[i].busy_ms.front());
  } else {
    // Control flow that depends on data: there is no operator to compare with another run's.
    ops_.clear();
  }
  runs_.push_back({{"atMs", at_ms},
                   {"totalMs", total_ms},
                   {"upload", PhaseJson(run.upload)},
                   {"compute", PhaseJson(run.compute)},
                   {"download", PhaseJson(run.download)}});
}

ordered_json GpuTimes::Json() const {
  ordered_json ops = ordered_json::array();
  for (const Op& op : ops_) {
    ops.push_back({{"index", op.index},
                   {"name", op.call.name},
                   {"shapes", op.call.shapes},
                   {"commands", op.commands},
                   {"busyMs", op.busy_ms}});
  }
  return {{"source", "timestamps"}, {"runs", runs_}, {"ops", std::move(ops)}};
}

std::vector<GpuTimes::Op> GpuTimes::OpsOf(const TimedRun& run) {
  std::vector<Op> calls;
  for (size_t i = 0; i < run.calls.size(); i++) calls.push_back({i, run.calls[i], 0, {0.0}});
  for (const CommandTime& command : run.compute) {
    if (command.label == 0 || command.label > calls.size()) continue;
    Op& op = calls[command.label - 1];
    op.commands++;
    op.busy_ms.front() += MillisecondsOf(command);
  }
  const auto without_commands = [](const Op& op) { return op.commands == 0; };
  calls.erase(std::remove_if(calls.begin(), calls.end(), without_commands), calls.end());
  return calls;
}

bool GpuTimes::SameCalls(const std::vector<Op>& a, const std::vector<Op>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Op& x, const Op& y) {
    return x.index == y.index && x.call.name == y.call.name && x.commands == y.commands;
  });
}

}  // namespace vkforge
