#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/native/vulkan/ops/vkf_layout.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

/// Stands for every operator whose result is of type bool.
void refuse_comparison(const c10::OperatorHandle& op, torch::jit::Stack* const stack) {
  const size_t count = op.schema().arguments().size();
  std::string shapes;
  for (const c10::IValue& argument : torch::jit::last(*stack, count)) {
    if (argument.isTensor()) {
      shapes += (shapes.empty() ? "" : " and ") + shape_of(argument.toTensor().sizes());
    }
  }
  refuse(
      op.schema().name().c_str(),
      "a tensor of shape " + shapes,
      "its result is of type bool, which Vulkan tensors cannot hold",
      "compare on the CPU (call .cpu() before); where and masked_fill take the mask from there");
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  for (const char* const name :
       {"eq", "ne", "lt", "le", "gt", "ge"}) {
    for (const char* const form : {".Tensor", ".Scalar", "_.Tensor", "_.Scalar"}) {
      m.impl((std::string("aten::") + name + form).c_str(), torch::CppFunction::makeFromBoxedFunction<&refuse_comparison>());
    }
  }
  for (const char* const name :
       {"logical_not", "logical_and", "logical_or", "logical_xor", "isnan", "isposinf", "isneginf", "signbit"}) {
    m.impl((std::string("aten::") + name).c_str(), torch::CppFunction::makeFromBoxedFunction<&refuse_comparison>());
  }
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
