#include <ATen/native/vulkan/ops/vkf_moments.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

using Moments = std::pair<vTensor, vTensor>;

Moments make_moments(const Placement& placement, const TensorOptions& options) {
  return {make_output(placement.sizes, options), make_output(placement.sizes, options)};
}

Moments finished(const Placement& placement, const Moments& written, const Reduction& reduction) {
  return {placement.finished(written.first, reduction), placement.finished(written.second, reduction)};
}

Moments moments_within_planes(const vTensor& input, const Reduction& reduction, const Spread& spread) {
  const Placement placement(reduction);
  const Group group = reduction.group();
  Moments outputs = make_moments(placement, input.options());
  const struct Block final {
    api::utils::ivec4 size;
    api::utils::ivec2 span;
    int32_t width;
    float count;
    float factor;
    int32_t root;
  } block{
      reduction.kept,
      reduction.span(),
      placement.width,
      static_cast<float>(reduction.count()),
      spread.factor,
      spread.root};
  run_grouped(group.together ? VK_KERNEL(vkf_moments_group) : VK_KERNEL(vkf_moments), texels_of(reduction.kept), group, outputs, block, input);
  return finished(placement, outputs, reduction);
}

Moments moments_over_planes(
    const vTensor& means,
    const vTensor& variances,
    const bool has_variances,
    const Reduction& reduction,
    const Spread& spread) {
  const Placement placement(reduction);
  const Group group = reduction.group();
  Moments outputs = make_moments(placement, means.options());
  const struct Block final {
    api::utils::ivec4 size;
    api::utils::ivec4 planes;
    int32_t width;
    int32_t spread;
    float factor;
    int32_t root;
  } block{
      reduction.kept,
      reduction.planes(),
      placement.width,
      has_variances,
      spread.factor,
      spread.root};
  run_grouped(
      group.together ? VK_KERNEL(vkf_moments_planes_group) : VK_KERNEL(vkf_moments_planes), texels_of(reduction.kept), group, outputs, block, means, variances);
  return finished(placement, outputs, reduction);
}

/// The reduction that torch's var and std mean; several dimensions at once, none means all.
Moments var_moments(
    const char* const op,
    const Tensor& self_arg,
    const OptionalIntArrayRef dims,
    const c10::optional<int64_t> correction,
    const bool keepdim,
    const bool root) {
  check_reducible(op, self_arg);
  const Tensor self = on_device(self_arg);
  const Reduction reduction(self, dims, keepdim);
  const double count = static_cast<double>(reduction.count());
  const double freedom = std::max(count - static_cast<double>(correction.value_or(1)), 0.0);
  return moments(convert(self), reduction, {static_cast<float>(count / freedom), root});
}

Tensor var(
    const Tensor& self,
    const OptionalIntArrayRef dims,
    const c10::optional<int64_t> correction,
    const bool keepdim) {
  return convert(var_moments("aten::var", self, dims, correction, keepdim, false).second);
}

Tensor std_of(
    const Tensor& self,
    const OptionalIntArrayRef dims,
    const c10::optional<int64_t> correction,
    const bool keepdim) {
  return convert(var_moments("aten::std", self, dims, correction, keepdim, true).second);
}

std::tuple<Tensor, Tensor> var_mean(
    const Tensor& self,
    const OptionalIntArrayRef dims,
    const c10::optional<int64_t> correction,
    const bool keepdim) {
  const Moments both = var_moments("aten::var_mean", self, dims, correction, keepdim, false);
  return {convert(both.second), convert(both.first)};
}

std::tuple<Tensor, Tensor> std_mean(
    const Tensor& self,
    const OptionalIntArrayRef dims,
    const c10::optional<int64_t> correction,
    const bool keepdim) {
  const Moments both = var_moments("aten::std_mean", self, dims, correction, keepdim, true);
  return {convert(both.second), convert(both.first)};
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::var.correction"), TORCH_FN(var));
  m.impl(TORCH_SELECTIVE_NAME("aten::std.correction"), TORCH_FN(std_of));
  m.impl(TORCH_SELECTIVE_NAME("aten::var_mean.correction"), TORCH_FN(var_mean));
  m.impl(TORCH_SELECTIVE_NAME("aten::std_mean.correction"), TORCH_FN(std_mean));
}

} // namespace

std::pair<vTensor, vTensor> moments(const vTensor& input, const Reduction& reduction, const Spread& spread) {
  if (!reduction.reduces_planes()) {
    return moments_within_planes(input, reduction, spread);
  }
  if (!reduction.reduces_plane()) {
    return moments_over_planes(input, input, false, reduction, spread);
  }
  const Moments first = moments_within_planes(input, reduction.within_planes(), {1, false});
  return moments_over_planes(first.first, first.second, true, reduction.over_planes(), spread);
}

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
