#pragma once

#include <ATen/record_function.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "gpu_times.h"

namespace vkforge {

// Follows the operators that this thread calls, while it lives. Those that an operator calls itself are not
// told apart from it.
class OpCalls {
 public:
  // on_change: told the number of the call that begins, from 1, and 0 when it has ended.
  explicit OpCalls(std::function<void(uint32_t)> on_change);
  ~OpCalls();
  OpCalls(const OpCalls&) = delete;
  OpCalls& operator=(const OpCalls&) = delete;

  const std::vector<OpCall>& calls() const { return calls_; }

 private:
  static std::unique_ptr<at::ObserverContext> OnEnter(const at::RecordFunction& function);
  static void OnLeave(const at::RecordFunction& function, at::ObserverContext* context);

  std::function<void(uint32_t)> on_change_;
  std::vector<OpCall> calls_;
  int depth_ = 0;
  at::CallbackHandle handle_;
};

}  // namespace vkforge
