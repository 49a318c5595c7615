#include "options.h"

#include "test_support.h"

namespace vkforge {
namespace {

std::vector<std::string> RunWith(std::vector<std::string> more) {
  std::vector<std::string> arguments{"--model", "m.pt",   "--backend", "vulkan",
                                     "--input", "a.json", "--out",     "dir"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::string UsageErrorOf(const std::vector<std::string>& arguments) {
  const Failure failure = FailureOf([&] { ParseOptions(arguments); });
  EXPECT_EQ(failure.code, FailureCode::kUsage);
  return failure.message;
}

TEST(OptionsTest, ReadsARun) {
  const Options options = ParseOptions(RunWith({"--input", "b.json", "--iterations=5", "--threads", "2"}));
  EXPECT_EQ(options.model, "m.pt");
  EXPECT_EQ(options.backend, Backend::kVulkan);
  EXPECT_EQ(options.inputs, (std::vector<std::string>{"a.json", "b.json"}));
  EXPECT_EQ(options.iterations, 5);
  EXPECT_EQ(options.phase_iterations, 5);
  EXPECT_EQ(options.threads, 2);
  EXPECT_FALSE(options.allow_non_finite);
}

TEST(OptionsTest, PhaseIterationsMayBeNone) {
  EXPECT_EQ(ParseOptions(RunWith({"--phase-iterations", "0"})).phase_iterations, 0);
}

TEST(OptionsTest, TheFirstRunMayBeTheOnlyOne) {
  const Options options = ParseOptions(RunWith({"--iterations", "0", "--warmup", "0"}));
  EXPECT_EQ(options.iterations, 0);
  EXPECT_EQ(options.phase_iterations, 0);
}

TEST(OptionsTest, WarmupEndsWhereItIsToldUnlessItMayGoOn) {
  EXPECT_EQ(ParseOptions(RunWith({"--warmup", "7"})).warmup_max, 7);
  EXPECT_EQ(ParseOptions(RunWith({"--warmup", "7", "--warmup-max", "2"})).warmup_max, 7);
  EXPECT_EQ(ParseOptions(RunWith({"--warmup", "7", "--warmup-max", "20"})).warmup_max, 20);
}

TEST(OptionsTest, ReadsABudget) {
  EXPECT_EQ(ParseOptions(RunWith({})).budget_ms, 0);
  EXPECT_EQ(ParseOptions(RunWith({"--budget-ms", "2500"})).budget_ms, 2500);
}

TEST(OptionsTest, DescribeNeedsNoModel) {
  const Options options = ParseOptions({"--describe", "--plugin", "lib.so"});
  EXPECT_TRUE(options.describe);
  EXPECT_EQ(options.backend, Backend::kVulkan);
}

TEST(OptionsTest, NamesWhatIsMissing) {
  EXPECT_EQ(UsageErrorOf({}), "Missing --model");
  EXPECT_EQ(UsageErrorOf({"--model", "m.pt"}), "Missing --backend");
  EXPECT_EQ(UsageErrorOf({"--model", "m.pt", "--backend", "cpu"}), "Missing --input");
  EXPECT_EQ(UsageErrorOf({"--model", "m.pt", "--backend", "cpu", "--input", "a.json"}), "Missing --out");
  EXPECT_EQ(UsageErrorOf({"--model"}), "Missing value after \"--model\"");
}

TEST(OptionsTest, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(UsageErrorOf(RunWith({"--speed", "9"})), "Unknown argument \"--speed\"");
  EXPECT_EQ(UsageErrorOf({"--backend", "metal"}), "Cannot use the backend \"metal\": expected cpu or vulkan");
  EXPECT_EQ(UsageErrorOf(RunWith({"--describe=1"})), "Unknown argument \"--describe=1\"");
}

TEST(OptionsTest, RefusesNumbersOutOfRange) {
  for (const std::string text : {"-1", "1.5", "ten", "", "99999999999999999999"}) {
    EXPECT_EQ(UsageErrorOf(RunWith({"--iterations", text})),
              "Cannot read \"--iterations " + text + "\": expected a whole number from 0 to 1000000");
  }
}

TEST(OptionsTest, RefusesADeviceNameOnTheCpu) {
  EXPECT_EQ(UsageErrorOf(RunWith({"--backend", "cpu", "--expect-device", "SwiftShader"})),
            "Cannot use --expect-device with --backend cpu");
}

}  // namespace
}  // namespace vkforge
