// Stands in for kineto's header of this name, which PyTorch includes even with USE_KINETO=OFF. Only the
// enumeration is used then, as a label that nothing reads.
#pragma once

namespace libkineto {

enum class ActivityType {
  CPU_OP,
  USER_ANNOTATION,
  GPU_USER_ANNOTATION,
  GPU_MEMCPY,
  GPU_MEMSET,
  CONCURRENT_KERNEL,
  EXTERNAL_CORRELATION,
  CUDA_RUNTIME,
  CUDA_PROFILER_RANGE,
  GLOW_RUNTIME,
  CPU_INSTANT_EVENT,
  PYTHON_FUNCTION,
};

}  // namespace libkineto
