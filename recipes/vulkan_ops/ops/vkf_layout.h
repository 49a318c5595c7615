#pragma once

// What the vkf_* operators share: sizes as the shaders want them, one call to record a shader, and refusals.

#ifdef USE_VULKAN_API

#include <ATen/native/vulkan/ops/Common.h>

#include <string>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {

/// Sizes of a tensor of up to four dimensions in the order of vkf_layout.h's ivec4: (w, h, c, n).
inline api::utils::ivec4 whcn(const IntArrayRef sizes) {
  return {
      api::utils::safe_downcast<int32_t>(get_dim<Dim4D::Width>(sizes)),
      api::utils::safe_downcast<int32_t>(get_dim<Dim4D::Height>(sizes)),
      api::utils::safe_downcast<int32_t>(get_dim<Dim4D::Channel>(sizes)),
      api::utils::safe_downcast<int32_t>(get_dim<Dim4D::Batch>(sizes)),
  };
}

/// Index into whcn() of a dimension of a tensor: its last dimension is 0. Negative dimensions count from the end.
inline int32_t whcn_axis(const int64_t dim, const int64_t rank) {
  return static_cast<int32_t>(rank - 1 - maybe_wrap_dim(dim, rank));
}

/// The tensor on the device; uploads it if it is not there.
inline Tensor on_device(const Tensor& tensor) {
  return tensor.is_vulkan() ? tensor : tensor.vulkan();
}

/// "(1, 3, 224, 224)"
inline std::string shape_of(const IntArrayRef sizes) {
  std::string text = "(";
  for (size_t i = 0; i < sizes.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(sizes[i]);
  }
  return text + ")";
}

/// Ends the operator with one sentence: what it was asked, why that cannot be had, and the way out.
/// An example: refuse("aten::sum", "an input of shape (2, 3, 4, 5, 6)", "Vulkan tensors have at most 4 dimensions",
/// "reshape it to 4 dimensions before").
[[noreturn]] inline void refuse(
    const char* const op,
    const std::string& asked,
    const std::string& why,
    const std::string& way_out) {
  TORCH_CHECK(false, "Vulkan cannot run ", op, " on ", asked, ": ", why, "; ", way_out);
}

/// Refuses tensors of more than four dimensions.
inline void check_rank(const char* const op, const Tensor& tensor) {
  if (tensor.dim() > 4) {
    refuse(
        op,
        "a tensor of shape " + shape_of(tensor.sizes()),
        "Vulkan tensors have at most 4 dimensions",
        "reshape it to 4 dimensions before, or run this operator on the CPU");
  }
}

/// A new tensor on the device.
inline vTensor make_output(const IntArrayRef sizes, const TensorOptions& options) {
  return vTensor{api::context(), sizes, options};
}

/// Records a shader whose bindings are: the output image, one sampler for each input, the uniform block.
/// One invocation for each texel of "global"; the shader must skip those beyond.
template <class Block, class... Inputs>
void run_over(
    const api::ShaderSource& shader,
    const api::utils::uvec3& global,
    vTensor& output,
    const Block& block,
    const Inputs&... inputs) {
  api::Context* const context = api::context();
  api::UniformParamsBuffer params(context, block);
  api::PipelineBarrier barrier{};
  context->submit_compute_job(
      shader,
      barrier,
      global,
      adaptive_work_group_size(global),
      VK_NULL_HANDLE,
      output.image(barrier, api::PipelineStage::COMPUTE, api::MemoryAccessType::WRITE),
      inputs.image(barrier, api::PipelineStage::COMPUTE)...,
      params.buffer());
}

/// run_over() with one invocation for each texel of the output.
template <class Block, class... Inputs>
void run(const api::ShaderSource& shader, vTensor& output, const Block& block, const Inputs&... inputs) {
  run_over(shader, output.extents(), output, block, inputs...);
}

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at

#endif /* USE_VULKAN_API */
