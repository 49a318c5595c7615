#include <ATen/native/vulkan/ops/vkf_reduction.h>
#include <torch/library.h>

#include <limits>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

/// What the shaders vkf_reduce_*.glsl do with what they read and write.
struct ReduceBlock final {
  api::utils::ivec4 size;
  api::utils::ivec2 span;
  int32_t width;
  // The shader's ivec4 begins at a multiple of 16 bytes.
  int32_t unused;
  api::utils::ivec4 planes;
  int32_t load;
  int32_t finish;
  float number;
};

/// One invocation for each texel, and a work group for each.
struct ReduceShaders final {
  api::ShaderSource single;
  api::ShaderSource group;
};

#define VKF_REDUCE_SHADERS(name) (ReduceShaders{VK_KERNEL(vkf_reduce_##name), VK_KERNEL(vkf_reduce_##name##_group)})

struct ReduceStep final {
  bool load;
  bool finish;
  float number;
};

vTensor reduce_step(
    const ReduceShaders& shaders,
    const vTensor& input,
    const Reduction& reduction,
    const ReduceStep& step) {
  const Placement placement(reduction);
  const Group group = reduction.group();
  vTensor output = make_output(placement.sizes, input.options());
  const ReduceBlock block{
      reduction.kept,
      reduction.span(),
      placement.width,
      0,
      reduction.planes(),
      step.load,
      step.finish,
      step.number};
  run_grouped(group.together ? shaders.group : shaders.single, texels_of(reduction.kept), group, output, block, input);
  return placement.finished(output, reduction);
}

/// Within planes first where that gives more of the device something to do.
bool in_two_steps(const Reduction& reduction) {
  const api::utils::uvec3 texels = reduction.texels();
  return reduction.reduces_plane() && reduction.reduces_planes() &&
      uint64_t{texels.data[0]} * texels.data[1] * texels.data[2] > 512;
}

Tensor reduced(
    const ReduceShaders& shaders,
    const Tensor& self_arg,
    const Reduction& reduction,
    const ReduceStep& step) {
  const Tensor self = on_device(self_arg);
  const vTensor& input = convert(self);
  if (!in_two_steps(reduction)) {
    return convert(reduce_step(shaders, input, reduction, step));
  }
  const vTensor first = reduce_step(shaders, input, reduction.within_planes(), {step.load, false, step.number});
  return convert(reduce_step(shaders, first, reduction.over_planes(), {false, step.finish, step.number}));
}

Tensor sum(
    const Tensor& self,
    const OptionalIntArrayRef dims,
    const bool keepdim,
    const c10::optional<ScalarType> dtype) {
  check_reducible("aten::sum", self);
  check_result_type("aten::sum", self, dtype);
  return reduced(VKF_REDUCE_SHADERS(sum), self, Reduction(self, dims, keepdim), {false, false, 1});
}

Tensor mean(
    const Tensor& self_arg,
    const OptionalIntArrayRef dims,
    const bool keepdim,
    const c10::optional<ScalarType> dtype) {
  check_reducible("aten::mean", self_arg);
  check_result_type("aten::mean", self_arg, dtype);
  const Tensor self = on_device(self_arg);
  const Reduction reduction(self, dims, keepdim);
  const ReduceShaders shaders = VKF_REDUCE_SHADERS(sum);
  if (!in_two_steps(reduction)) {
    const float part = static_cast<float>(1.0 / static_cast<double>(reduction.count()));
    return convert(reduce_step(shaders, convert(self), reduction, {false, true, part}));
  }
  // The mean of means: a sum of many would be beyond the range of a half.
  const Reduction within = reduction.within_planes();
  const Reduction over = reduction.over_planes();
  const float within_part = static_cast<float>(1.0 / static_cast<double>(within.count()));
  const float over_part = static_cast<float>(1.0 / static_cast<double>(over.count()));
  const vTensor means = reduce_step(shaders, convert(self), within, {false, true, within_part});
  return convert(reduce_step(shaders, means, over, {false, true, over_part}));
}

Tensor prod_all(const Tensor& self, const c10::optional<ScalarType> dtype) {
  check_reducible("aten::prod", self);
  check_result_type("aten::prod", self, dtype);
  return reduced(VKF_REDUCE_SHADERS(prod), self, Reduction(self, c10::nullopt, false), {false, false, 0});
}

Tensor prod(const Tensor& self, const int64_t dim, const bool keepdim, const c10::optional<ScalarType> dtype) {
  check_reducible("aten::prod", self);
  check_result_type("aten::prod", self, dtype);
  return reduced(VKF_REDUCE_SHADERS(prod), self, Reduction(self, IntArrayRef{dim}, keepdim), {false, false, 0});
}

Tensor amax(const Tensor& self, const IntArrayRef dims, const bool keepdim) {
  check_reducible("aten::amax", self);
  return reduced(VKF_REDUCE_SHADERS(max), self, Reduction(self, dims, keepdim), {false, false, 0});
}

Tensor amin(const Tensor& self, const IntArrayRef dims, const bool keepdim) {
  check_reducible("aten::amin", self);
  return reduced(VKF_REDUCE_SHADERS(min), self, Reduction(self, dims, keepdim), {false, false, 0});
}

Tensor max_all(const Tensor& self) {
  check_reducible("aten::max", self);
  return reduced(VKF_REDUCE_SHADERS(max), self, Reduction(self, c10::nullopt, false), {false, false, 0});
}

Tensor min_all(const Tensor& self) {
  check_reducible("aten::min", self);
  return reduced(VKF_REDUCE_SHADERS(min), self, Reduction(self, c10::nullopt, false), {false, false, 0});
}

std::tuple<Tensor, Tensor> aminmax(const Tensor& self, const c10::optional<int64_t> dim, const bool keepdim) {
  check_reducible("aten::aminmax", self);
  const Reduction reduction =
      dim ? Reduction(self, IntArrayRef{*dim}, keepdim) : Reduction(self, c10::nullopt, keepdim);
  return {
      reduced(VKF_REDUCE_SHADERS(min), self, reduction, {false, false, 0}),
      reduced(VKF_REDUCE_SHADERS(max), self, reduction, {false, false, 0})};
}

Tensor vector_norm(
    const Tensor& self,
    const Scalar& p,
    const OptionalIntArrayRef dims,
    const bool keepdim,
    const c10::optional<ScalarType> dtype) {
  check_reducible("aten::norm", self);
  check_result_type("aten::norm", self, dtype);
  const Reduction reduction(self, dims, keepdim);
  const double order = p.to<double>();
  if (std::isinf(order)) {
    return order > 0 ? reduced(VKF_REDUCE_SHADERS(max), self, reduction, {true, false, 0})
                     : reduced(VKF_REDUCE_SHADERS(min), self, reduction, {true, false, 0});
  }
  return reduced(VKF_REDUCE_SHADERS(norm), self, reduction, {true, true, static_cast<float>(order)});
}

Tensor norm_dim(
    const Tensor& self,
    const c10::optional<Scalar>& p,
    const IntArrayRef dims,
    const bool keepdim) {
  return vector_norm(self, p.value_or(2), dims, keepdim, c10::nullopt);
}

Tensor norm_dim_dtype(
    const Tensor& self,
    const c10::optional<Scalar>& p,
    const IntArrayRef dims,
    const bool keepdim,
    const ScalarType dtype) {
  return vector_norm(self, p.value_or(2), dims, keepdim, dtype);
}

Tensor norm_all(const Tensor& self, const Scalar& p) {
  return vector_norm(self, p, c10::nullopt, false, c10::nullopt);
}

#undef VKF_REDUCE_SHADERS

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::sum.dim_IntList"), TORCH_FN(sum));
  m.impl(TORCH_SELECTIVE_NAME("aten::mean.dim"), TORCH_FN(mean));
  m.impl(TORCH_SELECTIVE_NAME("aten::prod"), TORCH_FN(prod_all));
  m.impl(TORCH_SELECTIVE_NAME("aten::prod.dim_int"), TORCH_FN(prod));
  m.impl(TORCH_SELECTIVE_NAME("aten::amax"), TORCH_FN(amax));
  m.impl(TORCH_SELECTIVE_NAME("aten::amin"), TORCH_FN(amin));
  m.impl(TORCH_SELECTIVE_NAME("aten::max"), TORCH_FN(max_all));
  m.impl(TORCH_SELECTIVE_NAME("aten::min"), TORCH_FN(min_all));
  m.impl(TORCH_SELECTIVE_NAME("aten::aminmax"), TORCH_FN(aminmax));
  m.impl(TORCH_SELECTIVE_NAME("aten::linalg_vector_norm"), TORCH_FN(vector_norm));
  m.impl(TORCH_SELECTIVE_NAME("aten::norm.ScalarOpt_dim"), TORCH_FN(norm_dim));
  m.impl(TORCH_SELECTIVE_NAME("aten::norm.ScalarOpt_dim_dtype"), TORCH_FN(norm_dim_dtype));
  m.impl(TORCH_SELECTIVE_NAME("aten::norm.Scalar"), TORCH_FN(norm_all));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
