#include "cpu_count.h"

#include <gtest/gtest.h>
#include <sched.h>

#include "file.h"
#include "test_support.h"

namespace vkforge {
namespace {

int AllowedCpus() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  sched_getaffinity(0, sizeof(allowed), &allowed);
  return CPU_COUNT(&allowed);
}

TEST(CpuCountTest, DefaultIsFromOneToFour) {
  EXPECT_GE(DefaultThreadCount(), 1);
  EXPECT_LE(DefaultThreadCount(), 4);
  EXPECT_LE(DefaultThreadCount(), AllowedCpus());
}

TEST(CpuCountTest, WithoutTopologyEveryCpuIsACore) {
  EXPECT_EQ(CountPhysicalCores(MakeTestFolder()), AllowedCpus());
}

TEST(CpuCountTest, CountsHardwareThreadsOfACoreOnce) {
  const std::string sysfs = MakeTestFolder();
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    const std::string folder = sysfs + "/cpu" + std::to_string(cpu) + "/topology";
    MakeDirectory(folder);
    WriteFile(folder + "/thread_siblings_list", "0-1023\n", 7);
  }
  EXPECT_EQ(CountPhysicalCores(sysfs), 1);
}

TEST(CpuCountTest, ParseCpuMaxRoundsUp) {
  EXPECT_EQ(ParseCpuMax("200000 100000"), 2);
  EXPECT_EQ(ParseCpuMax("150000 100000"), 2);
  EXPECT_EQ(ParseCpuMax("50000 100000"), 1);
}

TEST(CpuCountTest, ParseCpuMaxKnowsNoLimit) {
  EXPECT_EQ(ParseCpuMax("max 100000"), 0);
  EXPECT_EQ(ParseCpuMax("-1 100000"), 0);
  EXPECT_EQ(ParseCpuMax(""), 0);
}

}  // namespace
}  // namespace vkforge
