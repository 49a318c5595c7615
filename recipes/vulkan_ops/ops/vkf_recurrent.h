#pragma once

// What gru and lstm share. Sequences are batch-first: (N, L, F); a state is (layers, N, H).

#ifdef USE_VULKAN_API

#include <ATen/native/vulkan/ops/vkf_layout.h>

#include <vector>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {

/// Refuses what the recurrent operators have no form for.
void check_recurrent(const char* op, bool has_biases, double dropout, bool train, bool bidirectional);

/// Refuses inputs and states whose shapes do not belong together.
void check_sequence(const char* op, const Tensor& input, const Tensor& state, int64_t num_layers, bool batch_first);

/// (N, H) of a state
Tensor state_of_layer(const Tensor& state, int64_t layer);

/// (N, H): step t of a sequence (N, L, H)
Tensor step_of(const Tensor& sequence, int64_t t);

/// The sequence (N, L, H) of steps (N, H)
Tensor join_steps(const std::vector<Tensor>& steps, int64_t batch_size);

/// The state (layers, N, H) of layers (N, H)
Tensor join_states(const std::vector<Tensor>& layers);

/// The parameters w_ih, w_hh, b_ih and b_hh of each layer out of the packed linear layers: for each gate that of the
/// input, then that of the hidden state.
std::vector<Tensor> unpack_recurrent(
    const c10::List<c10::IValue>& linear_contexts,
    int64_t num_layers,
    int64_t contexts_per_layer);

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at

#endif /* USE_VULKAN_API */
