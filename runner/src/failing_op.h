#pragma once

#include <functional>
#include <string>

namespace vkforge {

// Runs the function, which is known to throw, and returns the name of the outermost operator that its
// exception left ("aten::silu"), or "" if it left none. The run is slower than one that is not watched, so
// this is for failures only.
std::string FindFailingOp(const std::function<void()>& function);

}  // namespace vkforge
