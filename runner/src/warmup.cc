#include "warmup.h"

#include <algorithm>
#include <cstddef>

namespace vkforge {
namespace {

constexpr double kNoFaster = 0.97;

double MedianOfWindow(std::vector<double>::const_iterator begin) {
  std::vector<double> window(begin, begin + kWarmupWindow);
  std::sort(window.begin(), window.end());
  return window[kWarmupWindow / 2];
}

}  // namespace

bool IsWarm(const std::vector<double>& run_ms) {
  if (run_ms.size() < static_cast<size_t>(2 * kWarmupWindow)) return false;
  return MedianOfWindow(run_ms.end() - kWarmupWindow) >=
         kNoFaster * MedianOfWindow(run_ms.end() - 2 * kWarmupWindow);
}

}  // namespace vkforge
