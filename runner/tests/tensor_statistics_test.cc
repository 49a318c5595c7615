#include "tensor_statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace vkforge {
namespace {

HostTensor Floats(const std::vector<float>& values) {
  HostTensor tensor{"x", DType::kFloat32, {static_cast<int64_t>(values.size())}, {}};
  tensor.data.resize(values.size() * sizeof(float));
  std::memcpy(tensor.data.data(), values.data(), tensor.data.size());
  return tensor;
}

TEST(TensorStatisticsTest, CountsWhatIsNotFinite) {
  const float inf = std::numeric_limits<float>::infinity();
  const TensorStatistics statistics = ComputeStatistics(Floats({NAN, inf, -inf, 0.0f, -0.0f, -2.5f, 3.0f}));
  EXPECT_EQ(statistics.nan, 1u);
  EXPECT_EQ(statistics.inf, 2u);
  EXPECT_EQ(statistics.zero, 2u);
  EXPECT_TRUE(statistics.has_range);
  EXPECT_EQ(statistics.min, -2.5);
  EXPECT_EQ(statistics.max, 3.0);
}

TEST(TensorStatisticsTest, HasNoRangeWithoutFiniteElements) {
  EXPECT_FALSE(ComputeStatistics(Floats({})).has_range);
  EXPECT_FALSE(ComputeStatistics(Floats({NAN})).has_range);
}

TEST(TensorStatisticsTest, ReadsIntegers) {
  const TensorStatistics statistics = ComputeStatistics({"x", DType::kUInt8, {3}, {0, 7, 255}});
  EXPECT_EQ(statistics.zero, 1u);
  EXPECT_EQ(statistics.max, 255);
}

TEST(TensorStatisticsTest, HalfToDouble) {
  EXPECT_EQ(HalfToDouble(0x3c00), 1.0);
  EXPECT_EQ(HalfToDouble(0xc000), -2.0);
  EXPECT_EQ(HalfToDouble(0x7bff), 65504.0);
  EXPECT_EQ(HalfToDouble(0x0001), std::ldexp(1.0, -24));
  EXPECT_TRUE(std::isinf(HalfToDouble(0x7c00)));
  EXPECT_TRUE(std::isnan(HalfToDouble(0x7e00)));
}

}  // namespace
}  // namespace vkforge
