#include "tensor_statistics.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace vkforge {
namespace {

void Add(TensorStatistics& statistics, double value) {
  if (std::isnan(value)) {
    statistics.nan++;
  } else if (std::isinf(value)) {
    statistics.inf++;
  } else {
    if (value == 0) statistics.zero++;
    if (!statistics.has_range || value < statistics.min) statistics.min = value;
    if (!statistics.has_range || value > statistics.max) statistics.max = value;
    statistics.has_range = true;
  }
}

template <typename Element, typename Convert>
TensorStatistics Scan(const std::vector<uint8_t>& data, Convert convert) {
  TensorStatistics statistics;
  for (size_t at = 0; at + sizeof(Element) <= data.size(); at += sizeof(Element)) {
    Element element;
    std::memcpy(&element, data.data() + at, sizeof(Element));
    Add(statistics, convert(element));
  }
  return statistics;
}

template <typename Element>
TensorStatistics ScanNumbers(const std::vector<uint8_t>& data) {
  return Scan<Element>(data, [](Element element) { return static_cast<double>(element); });
}

}  // namespace

TensorStatistics ComputeStatistics(const HostTensor& tensor) {
  switch (tensor.dtype) {
    case DType::kFloat32:
      return ScanNumbers<float>(tensor.data);
    case DType::kFloat16:
      return Scan<uint16_t>(tensor.data, HalfToDouble);
    case DType::kInt64:
      return ScanNumbers<int64_t>(tensor.data);
    case DType::kInt32:
      return ScanNumbers<int32_t>(tensor.data);
    case DType::kUInt8:
    case DType::kBool:
      return ScanNumbers<uint8_t>(tensor.data);
  }
  return {};
}

double HalfToDouble(uint16_t bits) {
  const int exponent = (bits >> 10) & 0x1f;
  const int mantissa = bits & 0x3ff;
  const double sign = (bits & 0x8000) ? -1 : 1;
  if (exponent == 0x1f) {
    return mantissa ? std::numeric_limits<double>::quiet_NaN()
                    : sign * std::numeric_limits<double>::infinity();
  }
  return exponent == 0 ? sign * std::ldexp(mantissa, -24) : sign * std::ldexp(mantissa + 1024, exponent - 25);
}

}  // namespace vkforge
