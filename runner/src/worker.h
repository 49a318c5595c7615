#pragma once

#include "options.h"
#include "supervisor.h"

namespace vkforge {

// Does the run in this process and reports the result after every stage, so that a crash leaves what was
// known before it. Returns the exit status: 0 ok, 1 a failure is in the last report.
int RunModel(const Options& options, const Reporter& reporter);

// Reports the Vulkan device's description, or {"failure": …}. Returns as RunModel().
int DescribeDevice(const Options& options, const Reporter& reporter);

}  // namespace vkforge
