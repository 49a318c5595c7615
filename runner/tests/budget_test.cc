#include "budget.h"

#include <gtest/gtest.h>

namespace vkforge {
namespace {

TEST(BudgetTest, FitsUntilItIsUsedUp) {
  Budget budget(100);
  EXPECT_TRUE(budget.Fits(100));
  EXPECT_FALSE(budget.Fits(101));
  budget.Spend(60);
  EXPECT_TRUE(budget.Fits(40));
  EXPECT_FALSE(budget.Fits(41));
}

TEST(BudgetTest, AShareOfItIsUsedUpEarlier) {
  Budget budget(100);
  EXPECT_TRUE(budget.Fits(50, 0.5));
  EXPECT_FALSE(budget.Fits(51, 0.5));
}

TEST(BudgetTest, NoLimitFitsEverything) {
  Budget budget(0);
  budget.Spend(1e9);
  EXPECT_TRUE(budget.Fits(1e9, 0.1));
}

}  // namespace
}  // namespace vkforge
