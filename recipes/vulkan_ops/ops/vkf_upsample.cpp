#include <ATen/native/UpSample.h>
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
using api::utils::uvec2;
using api::utils::uvec3;
using api::utils::vec2;

using Scale = c10::optional<double>;

/// Sizes and scales along height and width; a one-dimensional operator has a width alone.
struct Resize final {
  std::array<int64_t, 2> in;
  std::array<int64_t, 2> out;
  std::array<Scale, 2> scales;
  bool one_dimensional;
};

/// A tensor as the shaders see it: a (batch, channel, width) tensor is an image of "channel" lines.
Resize upsample_1d(const char* const op, const Tensor& self, const IntArrayRef output_size, const Scale scale) {
  check_float(op, self);
  upsample_1d_common_check(self.sizes(), output_size);
  return {{self.size(1), self.size(2)}, {self.size(1), output_size[0]}, {c10::nullopt, scale}, true};
}

Resize upsample_2d(
    const char* const op,
    const Tensor& self,
    const IntArrayRef output_size,
    const Scale scale_h,
    const Scale scale_w) {
  check_float(op, self);
  upsample_2d_common_check(self.sizes(), output_size);
  return {{self.size(2), self.size(3)}, {output_size[0], output_size[1]}, {scale_h, scale_w}, false};
}

vTensor upsample_output(const vTensor& v_self, const Resize& resize) {
  c10::SmallVector<int64_t, 4u> sizes(v_self.sizes().begin(), v_self.sizes().end());
  sizes[sizes.size() - 2] = resize.out[0];
  sizes[sizes.size() - 1] = resize.out[1];
  return make_output(sizes, v_self.options());
}

/// The extents of the output in texels, then a 0.
ivec4 upsample_extents(const vTensor& v_output) {
  const uvec3 extents = v_output.extents();
  return {
      safe_downcast<int32_t>(extents.data[0u]),
      safe_downcast<int32_t>(extents.data[1u]),
      safe_downcast<int32_t>(extents.data[2u]),
      0,
  };
}

/// A number with 32 bits behind the point.
struct Fixed final {
  int32_t whole;
  uint32_t part;
};

Fixed fixed(const double number) {
  double whole = std::floor(number);
  double part = std::round((number - whole) * 4294967296.0);
  if (part >= 4294967296.0) {
    whole += 1;
    part = 0;
  }
  return {safe_downcast<int32_t>(static_cast<int64_t>(whole)), static_cast<uint32_t>(part)};
}

/// Positions in the input of the output's first element and of each further one, as in Note
/// [area_pixel_compute_scale] of ATen/native/UpSample.h.
std::array<Fixed, 2> upsample_positions(const Resize& resize, const size_t axis, const bool align_corners) {
  if (axis == 0 && resize.one_dimensional) {
    return {fixed(0), fixed(1)};
  }
  const double step = area_pixel_compute_scale<double>(
      resize.in[axis], resize.out[axis], align_corners, resize.scales[axis]);
  return {fixed(align_corners ? 0 : 0.5 * step - 0.5), fixed(step)};
}

Tensor upsample_weighted(
    const Tensor& self_arg,
    const Resize& resize,
    const bool align_corners,
    const api::ShaderSource& shader) {
  const Tensor self = on_device(self_arg);
  const vTensor& v_self = convert(self);
  vTensor v_output = upsample_output(v_self, resize);
  const auto x = upsample_positions(resize, 1, align_corners);
  const auto y = upsample_positions(resize, 0, align_corners);
  const struct Block final {
    ivec4 size;
    ivec2 last;
    ivec2 start_whole;
    ivec2 step_whole;
    uvec2 start_part;
    uvec2 step_part;
  } block{
      upsample_extents(v_output),
      {safe_downcast<int32_t>(resize.in[1] - 1), safe_downcast<int32_t>(resize.in[0] - 1)},
      {x[0].whole, y[0].whole},
      {x[1].whole, y[1].whole},
      {x[0].part, y[0].part},
      {x[1].part, y[1].part},
  };
  run(shader, v_output, block, v_self);
  return convert(v_output);
}

Tensor upsample_nearest(const Tensor& self_arg, const Resize& resize, const bool exact) {
  const Tensor self = on_device(self_arg);
  const vTensor& v_self = convert(self);
  vTensor v_output = upsample_output(v_self, resize);
  const float center = exact ? 0.5f : 0.0f;
  const struct Block final {
    ivec4 size;
    ivec2 last;
    vec2 scale;
    vec2 center;
  } block{
      upsample_extents(v_output),
      {safe_downcast<int32_t>(resize.in[1] - 1), safe_downcast<int32_t>(resize.in[0] - 1)},
      {
          compute_scales_value<float>(resize.scales[1], resize.in[1], resize.out[1]),
          resize.one_dimensional ? 1.0f
                                 : compute_scales_value<float>(resize.scales[0], resize.in[0], resize.out[0]),
      },
      {center, resize.one_dimensional ? 0.0f : center},
  };
  run(VK_KERNEL(vkf_upsample_nearest), v_output, block, v_self);
  return convert(v_output);
}

/// Filters that grow with the input where the output is smaller.
Tensor upsample_antialias(const Tensor& self_arg, const Resize& resize, const bool align_corners, const bool cubic) {
  const Tensor self = on_device(self_arg);
  const vTensor& v_self = convert(self);
  vTensor v_output = upsample_output(v_self, resize);
  std::array<double, 2> step{};
  for (size_t axis = 0; axis < 2; ++axis) {
    step[axis] = area_pixel_compute_scale<double>(
        resize.in[axis], resize.out[axis], align_corners, resize.scales[axis]);
  }
  const double reach = cubic ? 2 : 1;
  const Fixed start_x = fixed(0.5 * step[1]);
  const Fixed start_y = fixed(0.5 * step[0]);
  const Fixed step_x = fixed(step[1]);
  const Fixed step_y = fixed(step[0]);
  const struct Block final {
    ivec4 size;
    ivec2 last;
    ivec2 start_whole;
    ivec2 step_whole;
    uvec2 start_part;
    uvec2 step_part;
    vec2 support;
    vec2 inverse;
    int32_t cubic;
  } block{
      upsample_extents(v_output),
      {safe_downcast<int32_t>(resize.in[1] - 1), safe_downcast<int32_t>(resize.in[0] - 1)},
      {start_x.whole, start_y.whole},
      {step_x.whole, step_y.whole},
      {start_x.part, start_y.part},
      {step_x.part, step_y.part},
      {
          static_cast<float>(reach * std::max(step[1], 1.0)),
          static_cast<float>(reach * std::max(step[0], 1.0)),
      },
      {
          static_cast<float>(1 / std::max(step[1], 1.0)),
          static_cast<float>(1 / std::max(step[0], 1.0)),
      },
      cubic ? 1 : 0,
  };
  run(VK_KERNEL(vkf_upsample_antialias), v_output, block, v_self);
  return convert(v_output);
}

Tensor upsample_nearest1d(const Tensor& self, const IntArrayRef output_size, const Scale scale) {
  return upsample_nearest(self, upsample_1d("aten::upsample_nearest1d", self, output_size, scale), false);
}

Tensor upsample_nearest_exact1d(const Tensor& self, const IntArrayRef output_size, const Scale scale) {
  return upsample_nearest(self, upsample_1d("aten::_upsample_nearest_exact1d", self, output_size, scale), true);
}

Tensor upsample_nearest_exact2d(
    const Tensor& self, const IntArrayRef output_size, const Scale scale_h, const Scale scale_w) {
  return upsample_nearest(
      self, upsample_2d("aten::_upsample_nearest_exact2d", self, output_size, scale_h, scale_w), true);
}

Tensor upsample_linear1d(
    const Tensor& self, const IntArrayRef output_size, const bool align_corners, const Scale scale) {
  return upsample_weighted(
      self,
      upsample_1d("aten::upsample_linear1d", self, output_size, scale),
      align_corners,
      VK_KERNEL(vkf_upsample_linear));
}

Tensor upsample_bilinear2d(
    const Tensor& self,
    const IntArrayRef output_size,
    const bool align_corners,
    const Scale scale_h,
    const Scale scale_w) {
  return upsample_weighted(
      self,
      upsample_2d("aten::upsample_bilinear2d", self, output_size, scale_h, scale_w),
      align_corners,
      VK_KERNEL(vkf_upsample_linear));
}

Tensor upsample_bicubic2d(
    const Tensor& self,
    const IntArrayRef output_size,
    const bool align_corners,
    const Scale scale_h,
    const Scale scale_w) {
  return upsample_weighted(
      self,
      upsample_2d("aten::upsample_bicubic2d", self, output_size, scale_h, scale_w),
      align_corners,
      VK_KERNEL(vkf_upsample_cubic));
}

Tensor upsample_bilinear2d_aa(
    const Tensor& self,
    const IntArrayRef output_size,
    const bool align_corners,
    const Scale scale_h,
    const Scale scale_w) {
  return upsample_antialias(
      self,
      upsample_2d("aten::_upsample_bilinear2d_aa", self, output_size, scale_h, scale_w),
      align_corners,
      false);
}

Tensor upsample_bicubic2d_aa(
    const Tensor& self,
    const IntArrayRef output_size,
    const bool align_corners,
    const Scale scale_h,
    const Scale scale_w) {
  return upsample_antialias(
      self,
      upsample_2d("aten::_upsample_bicubic2d_aa", self, output_size, scale_h, scale_w),
      align_corners,
      true);
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::upsample_nearest1d"), TORCH_FN(upsample_nearest1d));
  m.impl(TORCH_SELECTIVE_NAME("aten::_upsample_nearest_exact1d"), TORCH_FN(upsample_nearest_exact1d));
  m.impl(TORCH_SELECTIVE_NAME("aten::_upsample_nearest_exact2d"), TORCH_FN(upsample_nearest_exact2d));
  m.impl(TORCH_SELECTIVE_NAME("aten::upsample_linear1d"), TORCH_FN(upsample_linear1d));
  m.impl(TORCH_SELECTIVE_NAME("aten::upsample_bilinear2d"), TORCH_FN(upsample_bilinear2d));
  m.impl(TORCH_SELECTIVE_NAME("aten::upsample_bicubic2d"), TORCH_FN(upsample_bicubic2d));
  m.impl(TORCH_SELECTIVE_NAME("aten::_upsample_bilinear2d_aa"), TORCH_FN(upsample_bilinear2d_aa));
  m.impl(TORCH_SELECTIVE_NAME("aten::_upsample_bicubic2d_aa"), TORCH_FN(upsample_bicubic2d_aa));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
