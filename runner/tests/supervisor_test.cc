#include "supervisor.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

namespace vkforge {
namespace {

constexpr int64_t kLongMs = 60'000;

TEST(SupervisorTest, ReturnsStatusAndLastMessage) {
  const WorkerExit exit = Supervise(
      [](const Reporter& reporter) {
        reporter.Send("first");
        reporter.Send("second");
        return 7;
      },
      kLongMs);
  EXPECT_EQ(exit.kind, WorkerExit::Kind::kFinished);
  EXPECT_EQ(exit.status, 7);
  EXPECT_EQ(exit.last_message, "second");
  EXPECT_GT(exit.peak_rss_bytes, 0);
}

TEST(SupervisorTest, PassesMessagesLargerThanAPipe) {
  const std::string large(1'000'000, 'x');
  const WorkerExit exit = Supervise(
      [&](const Reporter& reporter) {
        reporter.Send("small");
        reporter.Send(large);
        return 0;
      },
      kLongMs);
  EXPECT_EQ(exit.last_message, large);
}

TEST(SupervisorTest, NamesTheSignalAndKeepsWhatWasReportedBefore) {
  const WorkerExit exit = Supervise(
      [](const Reporter& reporter) {
        reporter.Send("loading");
        std::raise(SIGSEGV);
        return 0;
      },
      kLongMs);
  EXPECT_EQ(exit.kind, WorkerExit::Kind::kSignalled);
  EXPECT_EQ(SignalName(exit.status), "SIGSEGV");
  EXPECT_EQ(exit.last_message, "loading");
}

TEST(SupervisorTest, DropsAMessageThatWasCutOff) {
  const WorkerExit exit = Supervise(
      [](const Reporter& reporter) {
        reporter.Send("whole");
        reporter.Send("next");
        std::abort();
        return 0;
      },
      kLongMs);
  EXPECT_EQ(exit.last_message, "next");
  EXPECT_EQ(SignalName(exit.status), "SIGABRT");
}

TEST(SupervisorTest, EndsAWorkerThatIsBusyForTooLong) {
  const WorkerExit exit = Supervise(
      [](const Reporter& reporter) {
        reporter.Send("running");
        for (;;) pause();
        return 0;
      },
      50);
  EXPECT_EQ(exit.kind, WorkerExit::Kind::kTimedOut);
  EXPECT_EQ(exit.last_message, "running");
}

TEST(SupervisorTest, EndsTheWorkerWhenItIsInterrupted) {
  const pid_t supervisor = getpid();
  const WorkerExit exit = Supervise(
      [supervisor](const Reporter&) {
        kill(supervisor, SIGTERM);
        for (;;) pause();
        return 0;
      },
      kLongMs);
  EXPECT_EQ(exit.kind, WorkerExit::Kind::kInterrupted);
}

TEST(SupervisorTest, WorkerOutputGoesToStderr) {
  testing::internal::CaptureStdout();
  Supervise(
      [](const Reporter&) {
        const char text[] = "driver chatter\n";
        return write(STDOUT_FILENO, text, std::strlen(text)) > 0 ? 0 : 1;
      },
      kLongMs);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

}  // namespace
}  // namespace vkforge
