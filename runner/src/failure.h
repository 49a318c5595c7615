#pragma once

#include <exception>
#include <string>

namespace vkforge {

// What went wrong, as a stable code that programs can rely on.
enum class FailureCode {
  kUsage,        // the command line is wrong
  kBadInput,     // an input file, or the model's signature does not take the inputs
  kLoadFailed,   // the model or the plug-in cannot be loaded
  kMissingOp,    // an operator has no kernel for the backend
  kUnsupported,  // an operator rejected its arguments
  kWrongDevice,  // no Vulkan device, or not the expected one
  kDeviceLost,   // the driver gave up the device
  kNotFinite,    // an output holds NaN or Inf
  kCrash,        // the worker died of a signal
  kTimeout,      // the worker was still busy at the time limit
  kOutOfMemory,  // host or device memory
  kIo,           // a file cannot be read or written
  kInternal,     // none of these
};

// The code as it stands in result.json: "bad-input".
const char* FailureCodeText(FailureCode code);

struct Failure {
  FailureCode code;
  std::string message;  // one sentence, no full stop
  std::string hint;     // what to do next; may be empty
  std::string detail;   // the full text of the cause; may be empty
};

// Carries a failure to where the result is written.
class FailureError : public std::exception {
 public:
  explicit FailureError(Failure failure) : failure_(std::move(failure)) {}
  const Failure& failure() const { return failure_; }
  const char* what() const noexcept override { return failure_.message.c_str(); }

 private:
  Failure failure_;
};

}  // namespace vkforge
