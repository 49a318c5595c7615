#include <ATen/native/vulkan/ops/vkf_spatial.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

using api::utils::ivec2;
using api::utils::ivec4;
using api::utils::safe_downcast;
using api::utils::uvec3;

/// The maximum over windows that cover the last two dimensions: output[i] covers input [floor(i * in / out),
/// ceil((i + 1) * in / out)). A Vulkan tensor cannot hold the int64 positions that come second on the CPU; what comes
/// in their place is undefined (None in Python), so that a model that drops them runs.
std::tuple<Tensor, Tensor> adaptive_max_pool(
    const Tensor& self_arg,
    const int64_t out_height,
    const int64_t out_width) {
  c10::SmallVector<int64_t, 4u> sizes(self_arg.sizes().begin(), self_arg.sizes().end());
  const size_t rank = sizes.size();
  const ivec2 in{safe_downcast<int32_t>(sizes[rank - 1]), safe_downcast<int32_t>(sizes[rank - 2])};
  sizes[rank - 2] = out_height;
  sizes[rank - 1] = out_width;

  const Tensor self = on_device(self_arg);
  const vTensor& v_self = convert(self);
  vTensor v_output = make_output(sizes, v_self.options());
  const uvec3 extents = v_output.extents();
  const struct Block final {
    ivec4 size;
    ivec2 in;
  } block{
      {
          safe_downcast<int32_t>(extents.data[0u]),
          safe_downcast<int32_t>(extents.data[1u]),
          safe_downcast<int32_t>(extents.data[2u]),
          0,
      },
      in,
  };
  run(VK_KERNEL(vkf_adaptive_max_pool), v_output, block, v_self);
  return std::make_tuple(convert(v_output), Tensor());
}

std::tuple<Tensor, Tensor> adaptive_max_pool2d(const Tensor& self, const IntArrayRef output_size) {
  check_float("aten::adaptive_max_pool2d", self);
  check_rank_between("aten::adaptive_max_pool2d", self, 3, 4);
  TORCH_CHECK(
      output_size.size() == 2 && output_size[0] > 0 && output_size[1] > 0,
      "adaptive_max_pool2d expects a height and a width above 0, not ", shape_of(output_size));
  return adaptive_max_pool(self, output_size[0], output_size[1]);
}

std::tuple<Tensor, Tensor> adaptive_max_pool1d(const Tensor& self, const IntArrayRef output_size) {
  check_float("aten::adaptive_max_pool1d", self);
  check_rank_between("aten::adaptive_max_pool1d", self, 2, 3);
  TORCH_CHECK(
      output_size.size() == 1 && output_size[0] > 0,
      "adaptive_max_pool1d expects a width above 0, not ", shape_of(output_size));
  return adaptive_max_pool(self, self.size(-2), output_size[0]);
}

/// What MaxPool2d(return_indices=True) and MaxPool1d(return_indices=True) reach.
std::tuple<Tensor, Tensor> max_pool2d_with_indices(
    const Tensor& self,
    const IntArrayRef,
    const IntArrayRef,
    const IntArrayRef,
    const IntArrayRef,
    const bool) {
  refuse(
      "aten::max_pool2d_with_indices",
      "a tensor of shape " + shape_of(self.sizes()),
      "a Vulkan tensor cannot hold the int64 indices",
      "pool without return_indices, or run this layer on the CPU");
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::adaptive_max_pool2d"), TORCH_FN(adaptive_max_pool2d));
  m.impl(TORCH_SELECTIVE_NAME("aten::adaptive_max_pool1d"), TORCH_FN(adaptive_max_pool1d));
  m.impl(TORCH_SELECTIVE_NAME("aten::max_pool2d_with_indices"), TORCH_FN(max_pool2d_with_indices));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
