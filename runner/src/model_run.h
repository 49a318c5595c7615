#pragma once

#include <torch/csrc/jit/api/module.h>

#include <vector>

#include "gpu_times.h"
#include "torch_tensor.h"
#include "vulkan_backend.h"

namespace vkforge {

// Milliseconds of one run of a model, from tensors on the host to tensors on the host.
struct PhaseTimes {
  double upload_ms = 0;
  double compute_ms = 0;
  double download_ms = 0;
  double total_ms = 0;
};

struct RunOutput {
  std::vector<NamedTensor> tensors;  // on the CPU
  PhaseTimes times;
};

// A loaded model with its inputs, ready to be run again and again.
class ModelRun {
 public:
  // vulkan: null to run on the CPU.
  ModelRun(torch::jit::Module module, std::vector<at::Tensor> inputs, VulkanBackend* vulkan);

  // Times the whole only: nothing is waited for between upload, compute and download, as in an application.
  RunOutput Run();

  // Waits for the device after upload and after compute, so that the times of the phases are the device's
  // and not only those of recording commands. The waits make the total longer than Run()'s.
  RunOutput RunInPhases();

  // As RunInPhases(), with every command timed by the device, which takes longer. The backend must have
  // started to time commands.
  RunOutput RunOnDeviceClock(TimedRun* timed);

 private:
  std::vector<c10::IValue> Upload() const;
  static std::vector<NamedTensor> Download(const c10::IValue& result);

  torch::jit::Module module_;
  std::vector<at::Tensor> inputs_;
  VulkanBackend* vulkan_;
};

}  // namespace vkforge
