#include "warmup.h"

#include <gtest/gtest.h>

namespace vkforge {
namespace {

TEST(WarmupTest, NeedsTwoGroups) { EXPECT_FALSE(IsWarm({10, 10, 10, 10, 10})); }

TEST(WarmupTest, IsWarmOnceRunsStayAsFastAsTheyWere) { EXPECT_TRUE(IsWarm({10, 10.1, 9.9, 10, 9.8, 10})); }

TEST(WarmupTest, IsColdWhileRunsBecomeFaster) {
  EXPECT_FALSE(IsWarm({30, 25, 22, 18, 15, 13}));
  EXPECT_TRUE(IsWarm({30, 25, 22, 13, 13, 13, 13, 13, 13}));
}

TEST(WarmupTest, DoesNotWaitForAMachineThatSlowsDown) { EXPECT_TRUE(IsWarm({10, 10, 10, 14, 15, 16})); }

TEST(WarmupTest, OneSlowRunDoesNotCount) { EXPECT_TRUE(IsWarm({10, 90, 10, 10, 10, 10})); }

}  // namespace
}  // namespace vkforge
