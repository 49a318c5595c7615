#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace vkforge {

// Sends what the worker knows so far to the supervisor. Each message replaces the one before.
class Reporter {
 public:
  explicit Reporter(int pipe) : pipe_(pipe) {}
  void Send(const std::string& message) const;

 private:
  int pipe_;
};

struct WorkerExit {
  enum class Kind { kFinished, kSignalled, kTimedOut, kInterrupted };
  Kind kind = Kind::kFinished;
  int status = 0;            // exit status, or the signal's number
  std::string last_message;  // empty: the worker sent none
  int64_t peak_rss_bytes = 0;
};

// Runs the function in a forked process and waits, at most timeout_ms. Whatever happens to the worker (a
// crash in a driver, an endless shader), this returns, and the worker is gone. What the worker prints on
// stdout goes to stderr. The process must have no threads yet: libtorch may not have been used.
WorkerExit Supervise(const std::function<int(const Reporter&)>& worker, int64_t timeout_ms);

// "SIGSEGV" for 11.
std::string SignalName(int signal);

}  // namespace vkforge
