#include "result.h"

#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

namespace vkforge {
namespace {

using nlohmann::ordered_json;

WorkerExit Exit(WorkerExit::Kind kind, int status, const std::string& last_message) {
  return {kind, status, last_message, 4096};
}

ordered_json Finish(const WorkerExit& exit) {
  Options options;
  options.backend = Backend::kVulkan;
  return FinishResult(options, exit);
}

std::string Reported(const std::string& stage) {
  ordered_json json = EmptyResult(Options());
  json["stage"] = stage;
  json["loadMs"] = 12.5;
  return json.dump();
}

TEST(ResultTest, IsOkWhenTheWorkerFinished) {
  const ordered_json result = Finish(Exit(WorkerExit::Kind::kFinished, 0, Reported("output")));
  EXPECT_EQ(result["ok"], true);
  EXPECT_TRUE(result["failure"].is_null());
  EXPECT_EQ(result["peakRssBytes"], 4096);
}

TEST(ResultTest, KeepsWhatWasKnownBeforeACrash) {
  const ordered_json result = Finish(Exit(WorkerExit::Kind::kSignalled, SIGSEGV, Reported("run")));
  EXPECT_EQ(result["ok"], false);
  EXPECT_EQ(result["failure"]["code"], "crash");
  EXPECT_EQ(result["failure"]["message"], "The worker died of SIGSEGV in stage \"run\"");
  EXPECT_EQ(result["loadMs"], 12.5);
}

TEST(ResultTest, IsCompleteEvenIfTheWorkerSaidNothing) {
  const ordered_json result = Finish(Exit(WorkerExit::Kind::kSignalled, SIGABRT, ""));
  EXPECT_EQ(result["schema"], 1);
  EXPECT_EQ(result["failure"]["message"], "The worker died of SIGABRT");
  EXPECT_TRUE(result["outputs"].is_array());
}

TEST(ResultTest, TakesASigkillForTheMemoryLimit) {
  EXPECT_EQ(Finish(Exit(WorkerExit::Kind::kSignalled, SIGKILL, ""))["failure"]["code"], "out-of-memory");
}

TEST(ResultTest, NamesTheTimeLimit) {
  const ordered_json failure = Finish(Exit(WorkerExit::Kind::kTimedOut, 0, Reported("load")))["failure"];
  EXPECT_EQ(failure["code"], "timeout");
  EXPECT_EQ(failure["message"], "The worker was still busy after 600000 ms in stage \"load\"");
}

TEST(ResultTest, KeepsTheWorkersOwnFailure) {
  ordered_json json = EmptyResult(Options());
  json["failure"] =
      FailureJson({FailureCode::kMissingOp, "The Vulkan backend has no \"aten::silu\"", "", ""});
  const ordered_json result = Finish(Exit(WorkerExit::Kind::kFinished, 1, json.dump()));
  EXPECT_EQ(result["ok"], false);
  EXPECT_EQ(result["failure"]["code"], "missing-op");
}

TEST(ResultTest, IsNeverOkWithoutAResult) {
  EXPECT_EQ(Finish(Exit(WorkerExit::Kind::kFinished, 3, ""))["failure"]["code"], "internal");
}

}  // namespace
}  // namespace vkforge
