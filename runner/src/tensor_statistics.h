#pragma once

#include <cstdint>

#include "tensor_file.h"

namespace vkforge {

// Counts that show a broken output at once: NaN, Inf, all zero.
struct TensorStatistics {
  uint64_t nan = 0;
  uint64_t inf = 0;
  uint64_t zero = 0;
  bool has_range = false;  // false: no finite element
  double min = 0;          // over finite elements
  double max = 0;
};

TensorStatistics ComputeStatistics(const HostTensor& tensor);

// IEEE 754 binary16 to double.
double HalfToDouble(uint16_t bits);

}  // namespace vkforge
