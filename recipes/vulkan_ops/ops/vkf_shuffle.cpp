#include <ATen/native/vulkan/ops/vkf_spatial.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

Tensor shuffle(
    const Tensor& self_arg,
    const IntArrayRef sizes,
    const int64_t factor,
    const int32_t axis,
    const api::ShaderSource& shader) {
  const Tensor self = on_device(self_arg);
  const vTensor& v_self = convert(self);
  vTensor v_output = make_output(sizes, v_self.options());
  const struct Block final {
    api::utils::ivec4 size;
    api::utils::ivec4 isize;
    int32_t factor;
    int32_t axis;
  } block{
      whcn(sizes),
      whcn(v_self.sizes()),
      api::utils::safe_downcast<int32_t>(factor),
      axis,
  };
  run(shader, v_output, block, v_self);
  return convert(v_output);
}

/// (*, C * r^2, H, W) to (*, C, H * r, W * r)
Tensor pixel_shuffle(const Tensor& self, const int64_t factor) {
  check_float("aten::pixel_shuffle", self);
  check_rank_between("aten::pixel_shuffle", self, 3, 4);
  TORCH_CHECK(factor > 0, "pixel_shuffle expects a positive upscale_factor, but got ", factor);
  TORCH_CHECK(
      self.size(-3) % (factor * factor) == 0,
      "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but "
      "input.size(-3)=", self.size(-3), " is not divisible by ", factor * factor);
  c10::SmallVector<int64_t, 4u> sizes(self.sizes().begin(), self.sizes().end());
  const size_t channel = sizes.size() - 3;
  sizes[channel] /= factor * factor;
  sizes[channel + 1] *= factor;
  sizes[channel + 2] *= factor;
  return shuffle(self, sizes, factor, 2, VK_KERNEL(vkf_pixel_shuffle));
}

/// (*, C, H * r, W * r) to (*, C * r^2, H, W)
Tensor pixel_unshuffle(const Tensor& self, const int64_t factor) {
  check_float("aten::pixel_unshuffle", self);
  check_rank_between("aten::pixel_unshuffle", self, 3, 4);
  TORCH_CHECK(factor > 0, "pixel_unshuffle expects a positive downscale_factor, but got ", factor);
  TORCH_CHECK(
      self.size(-2) % factor == 0 && self.size(-1) % factor == 0,
      "pixel_unshuffle expects height and width to be divisible by downscale_factor, but ", self.size(-2), " or ",
      self.size(-1), " is not divisible by ", factor);
  c10::SmallVector<int64_t, 4u> sizes(self.sizes().begin(), self.sizes().end());
  const size_t channel = sizes.size() - 3;
  sizes[channel] *= factor * factor;
  sizes[channel + 1] /= factor;
  sizes[channel + 2] /= factor;
  return shuffle(self, sizes, factor, 2, VK_KERNEL(vkf_pixel_unshuffle));
}

/// Dimension 1 seen as (groups, channels of a group) and transposed.
Tensor channel_shuffle(const Tensor& self, const int64_t groups) {
  check_float("aten::channel_shuffle", self);
  check_rank_between("aten::channel_shuffle", self, 3, 4);
  TORCH_CHECK(groups > 0, "Number of groups to divide channels in must be positive. Value of groups:", groups);
  TORCH_CHECK(
      self.size(1) % groups == 0,
      "Number of channels must be divisible by groups. Got ", self.size(1), " channels and ", groups, " groups.");
  return shuffle(self, self.sizes(), groups, whcn_axis(1, self.dim()), VK_KERNEL(vkf_channel_shuffle));
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::pixel_shuffle"), TORCH_FN(pixel_shuffle));
  m.impl(TORCH_SELECTIVE_NAME("aten::pixel_unshuffle"), TORCH_FN(pixel_unshuffle));
  m.impl(TORCH_SELECTIVE_NAME("aten::channel_shuffle"), TORCH_FN(channel_shuffle));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
