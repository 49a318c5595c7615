#pragma once

// How the dimensions that an operator reduces lie in the image, and how its result is to be stored.

#ifdef USE_VULKAN_API

#include <ATen/WrapDimUtilsMulti.h>
#include <ATen/native/vulkan/ops/vkf_layout.h>

#include <cmath>
#include <utility>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {

using Sizes = c10::SmallVector<int64_t, 4u>;

/// Refuses what is not floating point, and tensors of more than four dimensions.
inline void check_reducible(const char* const op, const Tensor& tensor) {
  check_rank(op, tensor);
  if (tensor.scalar_type() != kFloat && tensor.scalar_type() != kHalf) {
    refuse(
        op,
        std::string("a tensor of ") + c10::toString(tensor.scalar_type()),
        "it computes with floating point",
        "convert or dequantize it to float before, or run this operator on the CPU");
  }
}

/// Refuses a result of another type than floating point.
inline void check_result_type(const char* const op, const Tensor& self, const c10::optional<ScalarType> dtype) {
  if (dtype && *dtype != self.scalar_type() && *dtype != kFloat) {
    refuse(
        op,
        "a tensor of shape " + shape_of(self.sizes()),
        std::string("the result cannot be of ") + c10::toString(*dtype),
        "leave dtype out, or convert what comes from it on the CPU");
  }
}

/// Invocations that make one texel of a result, see vkf_reduce.h of the shaders.
struct Group final {
  /// A work group makes one: for the shaders *_group.
  bool together;
  api::utils::uvec3 local;

  /// For "texels" reduced to one, of which there are "units": along x, y, z.
  static Group of(const api::utils::uvec3& texels, const api::utils::uvec3& units) {
    const uint64_t length = uint64_t{texels.data[0]} * texels.data[1] * texels.data[2];
    const uint64_t count = uint64_t{units.data[0]} * units.data[1] * units.data[2];
    if (length < 64 || (length < 1024 && count > 2048)) {
      return {false, adaptive_work_group_size(units)};
    }
    // Along x first: neighbours there lie side by side in memory, too.
    api::utils::uvec3 local{1, 1, 1};
    uint32_t left = 64;
    for (size_t axis = 0; axis < 3; ++axis) {
      // In two dimensions, a square reads the same texels and leaves less of a small image idle.
      const uint32_t most = axis == 0 && texels.data[1] >= 8 ? 8 : left;
      while (local.data[axis] < texels.data[axis] && local.data[axis] < most) {
        local.data[axis] *= 2;
      }
      left /= local.data[axis];
    }
    local.data[0] *= left;
    return {true, local};
  }

  /// Invocations for this many units.
  api::utils::uvec3 global(const api::utils::uvec3& units) const {
    if (!together) {
      return units;
    }
    return {units.data[0] * local.data[0], units.data[1] * local.data[1], units.data[2] * local.data[2]};
  }
};

/// Texels of the image of a tensor with these sizes.
inline api::utils::uvec3 texels_of(const api::utils::ivec4& size) {
  return {
      static_cast<uint32_t>(size.data[0]),
      static_cast<uint32_t>(size.data[1]),
      static_cast<uint32_t>(api::utils::div_up(size.data[2] * size.data[3], 4))};
}

/// Records a shader whose bindings are: the output images, the samplers of the inputs, the uniform block.
template <class Block, class... Inputs>
void run_grouped(
    const api::ShaderSource& shader,
    const api::utils::uvec3& units,
    const Group& group,
    vTensor& output,
    const Block& block,
    const Inputs&... inputs) {
  api::Context* const context = api::context();
  api::UniformParamsBuffer params(context, block);
  api::PipelineBarrier barrier{};
  context->submit_compute_job(
      shader,
      barrier,
      group.global(units),
      group.local,
      VK_NULL_HANDLE,
      output.image(barrier, api::PipelineStage::COMPUTE, api::MemoryAccessType::WRITE),
      inputs.image(barrier, api::PipelineStage::COMPUTE)...,
      params.buffer());
}

/// run_grouped() of a shader with two outputs.
template <class Block, class... Inputs>
void run_grouped(
    const api::ShaderSource& shader,
    const api::utils::uvec3& units,
    const Group& group,
    std::pair<vTensor, vTensor>& outputs,
    const Block& block,
    const Inputs&... inputs) {
  api::Context* const context = api::context();
  api::UniformParamsBuffer params(context, block);
  api::PipelineBarrier barrier{};
  context->submit_compute_job(
      shader,
      barrier,
      group.global(units),
      group.local,
      VK_NULL_HANDLE,
      outputs.first.image(barrier, api::PipelineStage::COMPUTE, api::MemoryAccessType::WRITE),
      outputs.second.image(barrier, api::PipelineStage::COMPUTE, api::MemoryAccessType::WRITE),
      inputs.image(barrier, api::PipelineStage::COMPUTE)...,
      params.buffer());
}

/// A copy with other sizes of as many elements.
inline vTensor relayout(const vTensor& input, const IntArrayRef sizes) {
  vTensor output = make_output(sizes, input.options());
  const struct Block final {
    api::utils::ivec4 size;
    api::utils::ivec4 isize;
  } block{whcn(sizes), whcn(input.sizes())};
  run(VK_KERNEL(vkf_relayout), output, block, input);
  return output;
}

/// Which dimensions are reduced to one element.
struct Reduction final {
  /// Of the input, (w, h, c, n).
  api::utils::ivec4 input;
  /// Of the result with all dimensions kept, the same order.
  api::utils::ivec4 kept;
  /// Of the result as it was asked for, and with all dimensions kept.
  Sizes sizes;
  Sizes kept_sizes;

  /// Reduces "dims" of a tensor, all if there are none.
  Reduction(const Tensor& self, const OptionalIntArrayRef dims, const bool keepdim)
      : input(whcn(self.sizes())), kept(input), sizes(), kept_sizes(self.sizes().begin(), self.sizes().end()) {
    const int64_t rank = self.dim();
    const auto reduced = at::dim_list_to_bitset(dims && !dims->empty() ? *dims : c10::IntArrayRef{}, rank);
    const bool all = !dims || dims->empty();
    for (int64_t dim = 0; dim < rank; ++dim) {
      if (all || reduced[dim]) {
        kept_sizes[dim] = 1;
        kept.data[rank - 1 - dim] = 1;
      }
      if (keepdim || !(all || reduced[dim])) {
        sizes.push_back(kept_sizes[dim]);
      }
    }
  }

  /// Reduces to what is given.
  Reduction(const api::utils::ivec4& from, const api::utils::ivec4& to)
      : input(from), kept(to), sizes{to.data[3], to.data[2], to.data[1], to.data[0]}, kept_sizes(sizes) {}

  bool reduces(const size_t axis) const {
    return kept.data[axis] != input.data[axis];
  }
  bool reduces_plane() const {
    return reduces(0) || reduces(1);
  }
  bool reduces_planes() const {
    return reduces(2) || reduces(3);
  }
  /// Elements that become one.
  int64_t count() const {
    int64_t product = 1;
    for (size_t axis = 0; axis < 4; ++axis) {
      product *= reduces(axis) ? input.data[axis] : 1;
    }
    return product;
  }
  api::utils::ivec2 span() const {
    return {reduces(0) ? input.data[0] : 1, reduces(1) ? input.data[1] : 1};
  }
  /// Count, stride and factor, see vkf_reduce.h of the shaders.
  api::utils::ivec4 planes() const {
    if (!reduces_planes()) {
      return {1, 1, 1, 0};
    }
    if (reduces(2) && reduces(3)) {
      return {input.data[2] * input.data[3], 1, 0, 0};
    }
    return reduces(2) ? api::utils::ivec4{input.data[2], 1, input.data[2], 0}
                      : api::utils::ivec4{input.data[3], input.data[2], 1, 0};
  }
  /// Texels that become one texel (or, where planes are reduced, one of its lanes).
  api::utils::uvec3 texels() const {
    return {
        static_cast<uint32_t>(span().data[0]),
        static_cast<uint32_t>(span().data[1]),
        static_cast<uint32_t>(reduces_planes() ? api::utils::div_up(planes().data[0], 4) : 1)};
  }
  Group group() const {
    return Group::of(texels(), texels_of(kept));
  }

  /// The first of two steps: within planes.
  Reduction within_planes() const {
    return {input, {kept.data[0], kept.data[1], input.data[2], input.data[3]}};
  }
  /// The second: what the first gave, over planes.
  Reduction over_planes() const {
    Reduction second = *this;
    second.input.data[0] = kept.data[0];
    second.input.data[1] = kept.data[1];
    return second;
  }
};

/// Where a reduction stores its result.
struct Placement final {
  /// What the shader writes to.
  Sizes sizes;
  /// VKF_STORE's width: 0 for texels.
  int32_t width;

  explicit Placement(const Reduction& reduction) : sizes(reduction.sizes), width(0) {
    const api::utils::ivec4 size = whcn(sizes);
    const api::utils::ivec4& kept = reduction.kept;
    const bool same = size.data[0] == kept.data[0] && size.data[1] == kept.data[1] &&
        size.data[2] * size.data[3] == kept.data[2] * kept.data[3];
    if (same) {
      return;
    }
    if (sizes.size() <= 2) {
      width = size.data[0];
    } else {
      sizes = reduction.kept_sizes;
    }
  }

  /// What the shader wrote, as the reduction was asked for.
  vTensor finished(const vTensor& written, const Reduction& reduction) const {
    return sizes == reduction.sizes ? written : relayout(written, reduction.sizes);
  }
};

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at

#endif /* USE_VULKAN_API */
