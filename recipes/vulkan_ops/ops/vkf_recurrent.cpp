#include <ATen/native/vulkan/ops/Mm.h>
#include <ATen/native/vulkan/ops/vkf_recurrent.h>

#include <limits>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

/// (count, N, H) of tensors (N, H)
Tensor stack_planes(const std::vector<Tensor>& tensors) {
  const int64_t rows = tensors.front().size(0);
  const int64_t columns = tensors.front().size(1);
  std::vector<Tensor> planes;
  for (const Tensor& tensor : tensors) {
    planes.push_back(tensor.reshape({1, 1, rows, columns}));
  }
  const Tensor joined = planes.size() == 1 ? planes.front() : at::cat(planes, 1);
  return joined.reshape({static_cast<int64_t>(tensors.size()), rows, columns});
}

} // namespace

void check_recurrent(
    const char* const op,
    const bool has_biases,
    const double dropout,
    const bool train,
    const bool bidirectional) {
  const char* const way_out = "run this layer on the CPU";
  if (!has_biases) {
    refuse(op, "a layer without biases", "it needs them", "give the layer biases of zeros");
  }
  if (bidirectional) {
    refuse(op, "a bidirectional layer", "it runs forward only", way_out);
  }
  if (train || dropout >= std::numeric_limits<double>::epsilon() * 1000) {
    refuse(op, "a layer with dropout or in training", "it is for inference", "call .eval() on the model and set dropout to 0");
  }
}

void check_sequence(
    const char* const op,
    const Tensor& input,
    const Tensor& state,
    const int64_t num_layers,
    const bool batch_first) {
  const std::string shapes =
      "an input of shape " + shape_of(input.sizes()) + " and a state of shape " + shape_of(state.sizes());
  if (input.dim() != 3 || state.dim() != 3) {
    refuse(op, shapes, "both must have 3 dimensions", "add the batch as a dimension of 1");
  }
  const bool single = input.size(0) == 1 && input.size(1) == 1;
  if (!batch_first && !single) {
    refuse(op, shapes, "it takes the batch first", "make the layer with batch_first=True and permute the input");
  }
  TORCH_CHECK(
      state.size(0) == num_layers && state.size(1) == input.size(0),
      op, " expects a state of shape (", num_layers, ", ", input.size(0), ", hidden size) for ", shapes);
}

Tensor state_of_layer(const Tensor& state, const int64_t layer) {
  const Tensor own = state.size(0) == 1 ? state : at::slice(state, 0, layer, layer + 1, 1);
  return own.reshape({state.size(1), state.size(2)});
}

Tensor step_of(const Tensor& sequence, const int64_t t) {
  const Tensor step = sequence.size(1) == 1 ? sequence : at::slice(sequence, 1, t, t + 1, 1);
  return step.reshape({sequence.size(0), sequence.size(2)});
}

Tensor join_steps(const std::vector<Tensor>& steps, const int64_t batch_size) {
  const int64_t length = static_cast<int64_t>(steps.size());
  const Tensor joined = stack_planes(steps);
  return batch_size == 1 || length == 1 ? joined.reshape({batch_size, length, joined.size(2)})
                                        : at::permute(joined, {1, 0, 2});
}

Tensor join_states(const std::vector<Tensor>& layers) {
  return stack_planes(layers);
}

std::vector<Tensor> unpack_recurrent(
    const c10::List<c10::IValue>& linear_contexts,
    const int64_t num_layers,
    const int64_t contexts_per_layer) {
  std::vector<Tensor> parameters;
  for (int64_t layer = 0; layer < num_layers; ++layer) {
    std::vector<Tensor> weights[2];
    std::vector<Tensor> biases[2];
    for (int64_t i = 0; i < contexts_per_layer; ++i) {
      const c10::impl::GenericList unpacked =
          linear_contexts.get(layer * contexts_per_layer + i).toCustomClass<LinearPackedContext>()->unpack();
      TORCH_CHECK(unpacked.size() > 0u, "The weights of this layer were released when it was packed");
      weights[i % 2].push_back(unpacked.get(LinearPackedContext::Unpacked::Weight).toTensor().t());
      biases[i % 2].push_back(unpacked.get(LinearPackedContext::Unpacked::Bias).toTensor());
    }
    parameters.push_back(at::cat(weights[0]));
    parameters.push_back(at::cat(weights[1]));
    parameters.push_back(at::cat(biases[0]));
    parameters.push_back(at::cat(biases[1]));
  }
  return parameters;
}

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
