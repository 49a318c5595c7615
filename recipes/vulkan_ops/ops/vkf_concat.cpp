#include <ATen/native/vulkan/ops/vkf_rearrange.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

constexpr int32_t kBatchAxis = 3;

/// Joins along an axis where whole texels can be copied; false where lanes must be shifted.
bool concat_texels(const std::vector<Tensor>& inputs, const int32_t axis, vTensor& v_output) {
  const api::utils::ivec4 size = whcn(v_output.sizes());
  if (axis >= 2) {
    // The planes of each input in each batch must begin with a texel of the output.
    const bool batched = axis == 2 && size.data[3] != 1;
    int64_t planes = 0;
    for (const Tensor& input : inputs) {
      const api::utils::ivec4 isize = whcn(input.sizes());
      if (planes % 4 != 0) {
        return false;
      }
      planes += batched ? isize.data[2] : isize.data[2] * isize.data[3];
    }
    if (batched) {
      for (const Tensor& input : inputs) {
        if (get_dim<Dim4D::Channel>(input) % 4 != 0) {
          return false;
        }
      }
    }
  }

  api::utils::uvec3 offset{{0u, 0u, 0u}};
  for (const Tensor& input : inputs) {
    const vTensor& v_input = convert(input);
    const api::utils::uvec3 extents = v_input.extents();
    if (axis == 2 && size.data[3] != 1) {
      const uint32_t depth = get_dim<Dim4D::Channel>(input) / 4u;
      const uint32_t stride = static_cast<uint32_t>(size.data[2]) / 4u;
      for (uint32_t batch = 0u; batch < static_cast<uint32_t>(size.data[3]); ++batch) {
        copy_texels(
            v_input,
            {{0u, 0u, batch * depth}},
            v_output,
            {{0u, 0u, batch * stride + offset.data[2]}},
            {{extents.data[0], extents.data[1], depth}});
      }
      offset.data[2] += depth;
    } else {
      copy_texels(v_input, {{0u, 0u, 0u}}, v_output, offset, extents);
      offset.data[std::min(axis, 2)] += extents.data[std::min(axis, 2)];
    }
  }
  return true;
}

/// Joins tensors of one plane each.
void stack_planes(const std::vector<Tensor>& inputs, vTensor& v_output) {
  const api::utils::uvec3 extents = v_output.extents();
  const api::utils::uvec3 global{{extents.data[0], extents.data[1], 1u}};
  api::Context* const context = api::context();
  for (size_t first = 0u; first < inputs.size(); first += 4u) {
    const auto input = [&](const size_t i) -> const vTensor& {
      return convert(inputs[std::min(first + i, inputs.size() - 1u)]);
    };
    const struct Block final {
      api::utils::ivec4 size;
      int32_t z;
    } block{whcn(v_output.sizes()), static_cast<int32_t>(first / 4u)};
    api::UniformParamsBuffer params(context, block);
    api::PipelineBarrier barrier{};
    context->submit_compute_job(
        VK_KERNEL(vkf_stack),
        barrier,
        global,
        adaptive_work_group_size(global),
        VK_NULL_HANDLE,
        v_output.image(barrier, api::PipelineStage::COMPUTE, api::MemoryAccessType::WRITE),
        input(0u).image(barrier, api::PipelineStage::COMPUTE),
        input(1u).image(barrier, api::PipelineStage::COMPUTE),
        input(2u).image(barrier, api::PipelineStage::COMPUTE),
        input(3u).image(barrier, api::PipelineStage::COMPUTE),
        params.buffer());
  }
}

/// Joins along the channels or the batch where planes change their lanes: each input is a run of planes of the
/// output, or one for each batch. No two invocations of a dispatch write the same texel.
void concat_lanes(const std::vector<Tensor>& inputs, const int32_t axis, vTensor& v_output) {
  const api::utils::ivec4 size = whcn(v_output.sizes());
  bool single = true;
  for (const Tensor& input : inputs) {
    single = single && get_dim<Dim4D::Channel>(input) * get_dim<Dim4D::Batch>(input) == 1u;
  }
  if (single) {
    stack_planes(inputs, v_output);
    return;
  }
  const int32_t batches = axis == kBatchAxis ? 1 : size.data[3];
  int32_t begin = 0;
  for (int32_t batch = 0; batch < batches; ++batch) {
    for (const Tensor& input : inputs) {
      const api::utils::ivec4 isize = whcn(input.sizes());
      const int32_t count = isize.data[2] * isize.data[3] / batches;
      put_planes(convert(input), batch * count, count, v_output, begin);
      begin += count;
    }
  }
}

Tensor join(const std::vector<Tensor>& inputs, const int64_t dim) {
  Sizes sizes(inputs[0].sizes().begin(), inputs[0].sizes().end());
  sizes[dim] = 0;
  for (const Tensor& input : inputs) {
    sizes[dim] += input.size(dim);
  }
  vTensor v_output = make_output(sizes, convert(inputs[0]).options());
  const int32_t axis = whcn_axis(dim, inputs[0].dim());
  if (!concat_texels(inputs, axis, v_output)) {
    concat_lanes(inputs, axis, v_output);
  }
  return convert(v_output);
}

Tensor cat_along(const at::ITensorListRef& tensors, const int64_t dim_arg) {
  std::vector<Tensor> inputs;
  for (const Tensor& tensor : tensors.materialize()) {
    // torch skips them: what a loop that collects tensors begins with.
    if (tensor.dim() == 1 && tensor.numel() == 0) {
      continue;
    }
    TORCH_CHECK(
        tensor.dim() > 0, "zero-dimensional tensor (at position ", inputs.size(), ") cannot be concatenated");
    check_movable("aten::cat", tensor);
    inputs.push_back(on_device(tensor));
  }
  TORCH_CHECK(!inputs.empty(), "torch.cat(): expected a non-empty list of Tensors");
  const IntArrayRef first = inputs[0].sizes();
  const int64_t dim = maybe_wrap_dim(dim_arg, inputs[0].dim());
  for (const Tensor& input : inputs) {
    bool fits = input.dim() == inputs[0].dim();
    for (int64_t i = 0; fits && i < input.dim(); ++i) {
      fits = i == dim || input.size(i) == first[i];
    }
    TORCH_CHECK(
        fits,
        "Sizes of tensors must match except in dimension ", dim, ": Vulkan cannot join shapes ", shape_of(first),
        " and ", shape_of(input.sizes()));
  }
  return join(inputs, dim);
}

Tensor stack_along(const at::TensorList tensors, const int64_t dim_arg) {
  TORCH_CHECK(!tensors.empty(), "stack expects a non-empty TensorList");
  const IntArrayRef first = tensors[0].sizes();
  const int64_t dim = maybe_wrap_dim(dim_arg, tensors[0].dim() + 1);
  Sizes sizes(first.begin(), first.end());
  sizes.insert(sizes.begin() + dim, 1);
  if (sizes.size() > 4) {
    refuse(
        "aten::stack",
        "tensors of shape " + shape_of(first),
        "the result would have 5 dimensions, and Vulkan tensors have at most 4",
        "use cat instead, or run this part of the model on the CPU");
  }
  std::vector<Tensor> inputs;
  for (const Tensor& tensor : tensors) {
    TORCH_CHECK(
        tensor.sizes() == first,
        "stack expects each tensor to be equal size, but got ", first, " at entry 0 and ", tensor.sizes(),
        " at entry ", inputs.size());
    check_movable("aten::stack", tensor);
    inputs.push_back(reshape("aten::stack", tensor, sizes, true));
  }
  return join(inputs, dim);
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::cat"), TORCH_FN(cat_along));
  m.impl(TORCH_SELECTIVE_NAME("aten::stack"), TORCH_FN(stack_along));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
