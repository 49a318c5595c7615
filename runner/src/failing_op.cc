#include "failing_op.h"

#include <ATen/record_function.h>

#include <exception>
#include <memory>

namespace vkforge {
namespace {

// libtorch takes plain function pointers as callbacks.
thread_local std::string g_failing_op;

std::unique_ptr<at::ObserverContext> OnEnter(const at::RecordFunction&) { return nullptr; }

// Inner operators are left before outer ones, so the last one stays.
void OnLeave(const at::RecordFunction& function, at::ObserverContext*) {
  if (std::uncaught_exceptions() > 0) g_failing_op = function.name();
}

}  // namespace

std::string FindFailingOp(const std::function<void()>& function) {
  g_failing_op.clear();
  const at::CallbackHandle handle = at::addThreadLocalCallback(
      at::RecordFunctionCallback(OnEnter, OnLeave).scopes({at::RecordScope::FUNCTION}));
  try {
    function();
    g_failing_op.clear();
  } catch (const std::exception&) {
  }
  at::removeCallback(handle);
  return g_failing_op;
}

}  // namespace vkforge
