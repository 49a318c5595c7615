#include "supervisor.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "failure.h"

namespace vkforge {
namespace {

using Clock = std::chrono::steady_clock;

volatile std::sig_atomic_t g_interrupted = 0;

void OnInterrupt(int) { g_interrupted = 1; }

// Takes SIGINT and SIGTERM for the time of the wait, so that no worker outlives an interrupted supervisor.
class InterruptScope {
 public:
  InterruptScope() {
    g_interrupted = 0;
    struct sigaction action {};
    action.sa_handler = OnInterrupt;
    sigaction(SIGINT, &action, &old_int_);
    sigaction(SIGTERM, &action, &old_term_);
  }
  ~InterruptScope() {
    sigaction(SIGINT, &old_int_, nullptr);
    sigaction(SIGTERM, &old_term_, nullptr);
  }
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

 private:
  struct sigaction old_int_ {};
  struct sigaction old_term_ {};
};

[[noreturn]] void FailSystem(const char* doing) {
  throw FailureError(
      {FailureCode::kInternal, std::string("Cannot ") + doing + ": " + std::strerror(errno), "", ""});
}

[[noreturn]] void RunWorker(const std::function<int(const Reporter&)>& worker, int pipe, pid_t supervisor) {
#ifdef __linux__
  // If the supervisor is killed, so is the worker.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != supervisor) _exit(1);
#else
  (void)supervisor;
#endif
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  const int status = worker(Reporter(pipe));
  std::fflush(nullptr);
  // No static destructors: those of the Vulkan backend call into a driver that may be gone already, and
  // the run is over.
  _exit(status);
}

// Reads until the worker closes the pipe (its end, however that came) or a limit is reached.
class MessageReader {
 public:
  explicit MessageReader(int pipe) : pipe_(pipe) {}

  WorkerExit::Kind ReadUntil(Clock::time_point deadline) {
    for (;;) {
      if (g_interrupted) return WorkerExit::Kind::kInterrupted;
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
      if (left <= 0) return WorkerExit::Kind::kTimedOut;
      pollfd entry{pipe_, POLLIN, 0};
      // In slices, as a signal that comes just before poll() would otherwise go unseen.
      const int ready = poll(&entry, 1, static_cast<int>(left < 200 ? left : 200));
      if (ready > 0 && !ReadSome()) return WorkerExit::Kind::kFinished;
    }
  }

  void ReadRest() {
    while (ReadSome()) {
    }
  }

  // The last whole message.
  std::string Last() const {
    const size_t end = buffer_.rfind('\n');
    if (end == std::string::npos) return last_;
    const size_t start = end == 0 ? std::string::npos : buffer_.rfind('\n', end - 1);
    return buffer_.substr(start == std::string::npos ? 0 : start + 1,
                          end - (start == std::string::npos ? 0 : start + 1));
  }

 private:
  bool ReadSome() {
    char chunk[65536];
    const ssize_t size = read(pipe_, chunk, sizeof(chunk));
    if (size < 0) return errno == EINTR;
    buffer_.append(chunk, static_cast<size_t>(size));
    const size_t end = buffer_.rfind('\n');
    if (end != std::string::npos) {
      last_ = Last();
      buffer_.erase(0, end + 1);
    }
    return size > 0;
  }

  int pipe_;
  std::string buffer_;
  std::string last_;
};

}  // namespace

void Reporter::Send(const std::string& message) const {
  const std::string line = message + "\n";
  for (size_t sent = 0; sent < line.size();) {
    const ssize_t size = write(pipe_, line.data() + sent, line.size() - sent);
    if (size < 0 && errno != EINTR) return;
    if (size > 0) sent += static_cast<size_t>(size);
  }
}

WorkerExit Supervise(const std::function<int(const Reporter&)>& worker, int64_t timeout_ms) {
  const InterruptScope interrupts;
  int ends[2];
  if (pipe(ends) != 0) FailSystem("make a pipe");
  std::fflush(nullptr);
  const pid_t supervisor = getpid();
  const pid_t child = fork();
  if (child < 0) FailSystem("start the worker");
  if (child == 0) {
    close(ends[0]);
    RunWorker(worker, ends[1], supervisor);
  }
  close(ends[1]);

  MessageReader reader(ends[0]);
  WorkerExit result;
  result.kind = reader.ReadUntil(Clock::now() + std::chrono::milliseconds(timeout_ms));
  if (result.kind != WorkerExit::Kind::kFinished) {
    kill(child, SIGKILL);
    reader.ReadRest();
  }
  close(ends[0]);

  int status = 0;
  rusage usage{};
  while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  result.last_message = reader.Last();
  result.peak_rss_bytes = static_cast<int64_t>(usage.ru_maxrss) * 1024;
  if (result.kind == WorkerExit::Kind::kFinished) {
    if (WIFSIGNALED(status)) {
      result.kind = WorkerExit::Kind::kSignalled;
      result.status = WTERMSIG(status);
    } else {
      result.status = WEXITSTATUS(status);
    }
  }
  return result;
}

std::string SignalName(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGABRT:
      return "SIGABRT";
    case SIGBUS:
      return "SIGBUS";
    case SIGILL:
      return "SIGILL";
    case SIGFPE:
      return "SIGFPE";
    case SIGKILL:
      return "SIGKILL";
    case SIGTRAP:
      return "SIGTRAP";
    case SIGSYS:
      return "SIGSYS";
    case SIGTERM:
      return "SIGTERM";
    default:
      return "signal " + std::to_string(signal);
  }
}

}  // namespace vkforge
