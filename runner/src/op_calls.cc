#include "op_calls.h"

#include <algorithm>
#include <utility>

namespace vkforge {
namespace {

// libtorch takes plain function pointers as callbacks.
thread_local OpCalls* g_calls = nullptr;

std::vector<std::vector<int64_t>> ShapesOf(const at::RecordFunction& function) {
  std::vector<std::vector<int64_t>> shapes;
  const auto add = [&](const at::Tensor& tensor) {
    if (tensor.defined()) shapes.push_back(tensor.sizes().vec());
  };
  // A call from the interpreter shows its whole stack; the arguments are on top.
  const c10::ArrayRef<const c10::IValue> inputs = function.inputs();
  for (const c10::IValue& input :
       inputs.slice(inputs.size() - std::min(inputs.size(), function.num_inputs()))) {
    if (input.isTensor()) {
      add(input.toTensor());
    } else if (input.isTensorList()) {
      for (const at::Tensor& tensor : input.toTensorVector()) add(tensor);
    }
  }
  return shapes;
}

}  // namespace

OpCalls::OpCalls(std::function<void(uint32_t)> on_change) : on_change_(std::move(on_change)) {
  g_calls = this;
  handle_ = at::addThreadLocalCallback(
      at::RecordFunctionCallback(OnEnter, OnLeave).needsInputs(true).scopes({at::RecordScope::FUNCTION}));
}

OpCalls::~OpCalls() {
  at::removeCallback(handle_);
  g_calls = nullptr;
}

std::unique_ptr<at::ObserverContext> OpCalls::OnEnter(const at::RecordFunction& function) {
  if (g_calls->depth_++ == 0) {
    g_calls->calls_.push_back({function.name(), ShapesOf(function)});
    g_calls->on_change_(static_cast<uint32_t>(g_calls->calls_.size()));
  }
  return nullptr;
}

void OpCalls::OnLeave(const at::RecordFunction&, at::ObserverContext*) {
  if (--g_calls->depth_ == 0) g_calls->on_change_(0);
}

}  // namespace vkforge
