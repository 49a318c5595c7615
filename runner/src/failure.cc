#include "failure.h"

namespace vkforge {

const char* FailureCodeText(FailureCode code) {
  switch (code) {
    case FailureCode::kUsage:
      return "usage";
    case FailureCode::kBadInput:
      return "bad-input";
    case FailureCode::kLoadFailed:
      return "load-failed";
    case FailureCode::kMissingOp:
      return "missing-op";
    case FailureCode::kUnsupported:
      return "unsupported";
    case FailureCode::kWrongDevice:
      return "wrong-device";
    case FailureCode::kDeviceLost:
      return "device-lost";
    case FailureCode::kNotFinite:
      return "not-finite";
    case FailureCode::kCrash:
      return "crash";
    case FailureCode::kTimeout:
      return "timeout";
    case FailureCode::kOutOfMemory:
      return "out-of-memory";
    case FailureCode::kIo:
      return "io";
    case FailureCode::kInternal:
      return "internal";
  }
  return "internal";
}

}  // namespace vkforge
