#include "torch_tensor.h"

#include <ATen/Functions.h>

#include <cstring>

#include "failure.h"

namespace vkforge {
namespace {

struct DTypePair {
  DType host;
  at::ScalarType torch;
};

constexpr DTypePair kPairs[] = {
    {DType::kFloat32, at::kFloat}, {DType::kFloat16, at::kHalf}, {DType::kInt64, at::kLong},
    {DType::kInt32, at::kInt},     {DType::kUInt8, at::kByte},   {DType::kBool, at::kBool},
};

at::ScalarType TorchDType(DType dtype) {
  for (const DTypePair& pair : kPairs) {
    if (pair.host == dtype) return pair.torch;
  }
  return at::ScalarType::Undefined;
}

void Flatten(const std::string& name, const c10::IValue& value, std::vector<NamedTensor>& outputs) {
  if (value.isTensor()) {
    outputs.push_back({name, value.toTensor()});
  } else if (value.isTuple()) {
    size_t i = 0;
    for (const c10::IValue& element : value.toTupleRef().elements()) {
      Flatten(name + "." + std::to_string(i++), element, outputs);
    }
  } else if (value.isList()) {
    size_t i = 0;
    for (const c10::IValue& element : value.toListRef()) {
      Flatten(name + "." + std::to_string(i++), element, outputs);
    }
  } else if (value.isGenericDict()) {
    for (const auto& entry : value.toGenericDict()) {
      const std::string key =
          entry.key().isString() ? entry.key().toStringRef() : std::to_string(entry.key().toInt());
      Flatten(name + "." + key, entry.value(), outputs);
    }
  } else {
    throw FailureError({FailureCode::kUnsupported,
                        "Cannot write \"" + name + "\": it is of type " + value.tagKind(),
                        "Outputs are tensors, or tuples, lists and dictionaries of tensors", ""});
  }
}

}  // namespace

at::Tensor ToTorch(const HostTensor& tensor) {
  at::Tensor result = at::empty(tensor.shape, at::TensorOptions(TorchDType(tensor.dtype)));
  std::memcpy(result.data_ptr(), tensor.data.data(), tensor.data.size());
  return result;
}

HostTensor ToHost(const std::string& name, const at::Tensor& tensor) {
  for (const DTypePair& pair : kPairs) {
    if (pair.torch != tensor.scalar_type()) continue;
    const at::Tensor contiguous = tensor.contiguous();
    HostTensor host{name, pair.host, contiguous.sizes().vec(), {}};
    host.data.resize(contiguous.nbytes());
    std::memcpy(host.data.data(), contiguous.data_ptr(), host.data.size());
    return host;
  }
  throw FailureError({FailureCode::kUnsupported,
                      "Cannot write \"" + name + "\": its dtype is " + c10::toString(tensor.scalar_type()),
                      "Tensor files hold float32, float16, int64, int32, uint8 and bool", ""});
}

std::vector<NamedTensor> FlattenOutputs(const c10::IValue& value) {
  std::vector<NamedTensor> outputs;
  Flatten("output", value, outputs);
  return outputs;
}

}  // namespace vkforge
