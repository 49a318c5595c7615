#include "model_run.h"

#include <chrono>
#include <utility>

#include "op_calls.h"

namespace vkforge {
namespace {

using Clock = std::chrono::steady_clock;

double Milliseconds(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

}  // namespace

ModelRun::ModelRun(torch::jit::Module module, std::vector<at::Tensor> inputs, VulkanBackend* vulkan)
    : module_(std::move(module)), inputs_(std::move(inputs)), vulkan_(vulkan) {}

RunOutput ModelRun::Run() {
  RunOutput output;
  const Clock::time_point start = Clock::now();
  output.tensors = Download(module_.forward(Upload()));
  output.times.total_ms = Milliseconds(start, Clock::now());
  return output;
}

RunOutput ModelRun::RunInPhases() {
  RunOutput output;
  const Clock::time_point start = Clock::now();
  std::vector<c10::IValue> arguments = Upload();
  if (vulkan_) vulkan_->Synchronize();
  const Clock::time_point uploaded = Clock::now();
  const c10::IValue result = module_.forward(std::move(arguments));
  if (vulkan_) vulkan_->Synchronize();
  const Clock::time_point computed = Clock::now();
  output.tensors = Download(result);
  const Clock::time_point end = Clock::now();
  output.times = {Milliseconds(start, uploaded), Milliseconds(uploaded, computed),
                  Milliseconds(computed, end), Milliseconds(start, end)};
  return output;
}

RunOutput ModelRun::RunOnDeviceClock(TimedRun* timed) {
  RunOutput output;
  vulkan_->TakeCommandTimes();  // what came before this run
  const Clock::time_point start = Clock::now();
  std::vector<c10::IValue> arguments = Upload();
  timed->upload = vulkan_->TakeCommandTimes();
  const Clock::time_point uploaded = Clock::now();
  c10::IValue result;
  {
    const OpCalls observer([this](uint32_t call) { vulkan_->LabelCommands(call); });
    result = module_.forward(std::move(arguments));
    timed->calls = observer.calls();
  }
  timed->compute = vulkan_->TakeCommandTimes();
  const Clock::time_point computed = Clock::now();
  output.tensors = Download(result);
  timed->download = vulkan_->TakeCommandTimes();
  const Clock::time_point end = Clock::now();
  output.times = {Milliseconds(start, uploaded), Milliseconds(uploaded, computed),
                  Milliseconds(computed, end), Milliseconds(start, end)};
  return output;
}

std::vector<c10::IValue> ModelRun::Upload() const {
  std::vector<c10::IValue> arguments;
  arguments.reserve(inputs_.size());
  for (const at::Tensor& input : inputs_) arguments.emplace_back(vulkan_ ? input.vulkan() : input);
  return arguments;
}

std::vector<NamedTensor> ModelRun::Download(const c10::IValue& result) {
  std::vector<NamedTensor> outputs = FlattenOutputs(result);
  for (NamedTensor& output : outputs) output.tensor = output.tensor.cpu();
  return outputs;
}

}  // namespace vkforge
