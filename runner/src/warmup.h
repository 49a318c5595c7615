#pragma once

#include <vector>

namespace vkforge {

// Runs in each of the two groups that IsWarm() compares.
constexpr int kWarmupWindow = 3;

// Whether runs no longer become faster: the median of the last three is at least 97 % of that of the three
// before them. False for fewer than six. Getting slower, as a hot machine does, is nothing to wait for.
bool IsWarm(const std::vector<double>& run_ms);

}  // namespace vkforge
