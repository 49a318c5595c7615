#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include <string>
#include <vector>

#include "tensor_file.h"

namespace vkforge {

// A CPU tensor with a copy of the data.
at::Tensor ToTorch(const HostTensor& tensor);

// Copies a CPU tensor of one of the dtypes of a tensor file. Throws FailureError with kUnsupported.
HostTensor ToHost(const std::string& name, const at::Tensor& tensor);

struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

// The tensors of a model's result, in order. A tensor is "output", elements of tuples and lists are
// "output.0", values of dictionaries "output.key", and so on downwards. Throws FailureError with
// kUnsupported for anything else.
std::vector<NamedTensor> FlattenOutputs(const c10::IValue& value);

}  // namespace vkforge
