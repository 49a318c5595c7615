#include "gpu_times.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace vkforge {
namespace {

constexpr double kMs = 1e6;

TimedRun MakeRun() {
  TimedRun run;
  run.upload = {{0, 0, 1 * kMs}};
  run.compute = {{1, 0, 2 * kMs}, {3, 3 * kMs, 4 * kMs}, {1, 4 * kMs, 5 * kMs}, {0, 5 * kMs, 6 * kMs}};
  run.calls = {{"aten::conv2d", {{1, 3, 8, 8}, {4, 3, 1, 1}}}, {"aten::size", {}}, {"aten::add", {{1}}}};
  return run;
}

TEST(GpuTimesTest, APhaseIsBusyForItsCommandsAndSpansTheirGaps) {
  GpuTimes times;
  times.Add(MakeRun(), 7, 12);
  const nlohmann::ordered_json run = times.Json()["runs"][0];
  EXPECT_EQ(run["atMs"], 7);
  EXPECT_EQ(run["totalMs"], 12);
  EXPECT_EQ(run["compute"], (nlohmann::ordered_json{{"busyMs", 5.0}, {"spanMs", 6.0}, {"commands", 4}}));
  EXPECT_EQ(run["download"], (nlohmann::ordered_json{{"busyMs", 0.0}, {"spanMs", 0.0}, {"commands", 0}}));
}

TEST(GpuTimesTest, AnOpHasItsCommandsAndOneWithoutIsLeftOut) {
  GpuTimes times;
  times.Add(MakeRun(), 0, 1);
  const nlohmann::ordered_json ops = times.Json()["ops"];
  ASSERT_EQ(ops.size(), 2u);
  EXPECT_EQ(ops[0]["name"], "aten::conv2d");
  EXPECT_EQ(ops[0]["shapes"], (nlohmann::ordered_json{{1, 3, 8, 8}, {4, 3, 1, 1}}));
  EXPECT_EQ(ops[0]["commands"], 2);
  EXPECT_EQ(ops[0]["busyMs"], nlohmann::ordered_json{3.0});
  EXPECT_EQ(ops[1]["index"], 2);
}

TEST(GpuTimesTest, RunsStandSideBySide) {
  GpuTimes times;
  times.Add(MakeRun(), 0, 1);
  times.Add(MakeRun(), 1, 1);
  const nlohmann::ordered_json json = times.Json();
  EXPECT_EQ(json["runs"].size(), 2u);
  EXPECT_EQ(json["ops"][1]["busyMs"], (nlohmann::ordered_json{1.0, 1.0}));
}

TEST(GpuTimesTest, OpsOfRunsThatCallOthersAreNotCompared) {
  GpuTimes times;
  times.Add(MakeRun(), 0, 1);
  TimedRun other = MakeRun();
  other.calls[2].name = "aten::mul";
  times.Add(other, 1, 1);
  EXPECT_TRUE(times.Json()["ops"].empty());
  EXPECT_EQ(times.Json()["runs"].size(), 2u);
}

}  // namespace
}  // namespace vkforge
