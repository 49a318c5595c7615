#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>

#include "failure.h"

namespace vkforge {

// A new folder for each test.
inline std::string MakeTestFolder() {
  std::string path = testing::TempDir() + "vkforge_runner_XXXXXX";
  EXPECT_NE(mkdtemp(path.data()), nullptr);
  return path;
}

// The failure that the function throws.
inline Failure FailureOf(const std::function<void()>& function) {
  try {
    function();
  } catch (const FailureError& error) {
    return error.failure();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {FailureCode::kInternal, "", "", ""};
}

}  // namespace vkforge
