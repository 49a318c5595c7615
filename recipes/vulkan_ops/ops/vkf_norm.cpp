#include <ATen/native/vulkan/ops/vkf_moments.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

using NormMoments = std::pair<vTensor, vTensor>;
using OptionalTensor = c10::optional<Tensor>;

bool has_tensor(const OptionalTensor& tensor) {
  return tensor && tensor->defined();
}

/// One number for each channel, on the device. A long row could be wider than images can be.
Tensor channel_parameter(const Tensor& tensor) {
  return tensor.is_vulkan() ? tensor : tensor.reshape({tensor.numel(), 1, 1}).vulkan();
}

void check_channel_parameter(const char* const op, const char* const name, const OptionalTensor& tensor, int64_t channels) {
  TORCH_CHECK(
      !has_tensor(tensor) || tensor->numel() == channels,
      op, " expects ", channels, " elements in ", name, ", one for each channel, not ", tensor->numel());
}

/// An input as the four dimensions (N, C, H, W), and back.
class Activation final {
 public:
  Activation(const char* const op, const Tensor& tensor) : sizes_(tensor.sizes().begin(), tensor.sizes().end()) {
    check_reducible(op, tensor);
    TORCH_CHECK(
        tensor.dim() >= 2, op, " expects a batch and channels, not an input of shape ", shape_of(tensor.sizes()));
    const Tensor on = on_device(tensor);
    input = convert(on);
    if (tensor.dim() < 4) {
      input = relayout(input, {sizes_[0], sizes_[1], 1, tensor.dim() == 3 ? sizes_[2] : 1});
    }
    size = whcn(input.sizes());
  }

  Tensor back(const vTensor& output) const {
    return convert(sizes_.size() < 4 ? relayout(output, sizes_) : output);
  }

  int32_t channels() const {
    return size.data[2];
  }
  int32_t batches() const {
    return size.data[3];
  }
  int32_t planes() const {
    return channels() * batches();
  }
  /// Planes after which parameters of channels repeat texel by texel.
  int32_t parameter_planes() const {
    return channels() % 4 == 0 ? channels() : planes();
  }

  vTensor input;
  api::utils::ivec4 size{};

 private:
  Sizes sizes_;
};

/// To which mean and variance a plane belongs: those with the number p / divisor % groups, for each of the rows.
struct PlaneGroups final {
  int32_t planes;
  int32_t rows;
  int32_t divisor;
  int32_t groups;
  int32_t channels;
};

/// What vkf_norm.glsl and vkf_layer_norm.glsl take, of shape (planes, rows, 3).
vTensor norm_parameters(
    const vTensor& mean,
    const vTensor& variance,
    const OptionalTensor& weight_arg,
    const OptionalTensor& bias_arg,
    const PlaneGroups& groups,
    const double epsilon) {
  const Tensor weight = has_tensor(weight_arg) ? channel_parameter(*weight_arg) : Tensor();
  const Tensor bias = has_tensor(bias_arg) ? channel_parameter(*bias_arg) : Tensor();
  const vTensor& v_weight = weight.defined() ? convert(weight) : mean;
  const vTensor& v_bias = bias.defined() ? convert(bias) : mean;
  vTensor output = make_output({groups.planes, groups.rows, 3}, mean.options());
  const struct Block final {
    api::utils::ivec4 size;
    api::utils::ivec4 msize;
    api::utils::ivec4 wsize;
    api::utils::ivec4 bsize;
    int32_t divisor;
    int32_t groups;
    int32_t channels;
    int32_t affine;
    float epsilon;
  } block{
      whcn(output.sizes()),
      whcn(mean.sizes()),
      whcn(v_weight.sizes()),
      whcn(v_bias.sizes()),
      groups.divisor,
      groups.groups,
      groups.channels,
      (weight.defined() ? 1 : 0) + (bias.defined() ? 2 : 0),
      static_cast<float>(epsilon)};
  api::utils::uvec3 rows = output.extents();
  rows.data[0] = 1;
  run_over(VK_KERNEL(vkf_norm_params), rows, output, block, mean, variance, v_weight, v_bias);
  return output;
}

/// (input - mean) * scale + shift, with parameters of shape (planes, 1, 3).
Tensor normalized(const Activation& activation, const vTensor& parameters) {
  vTensor output = make_output(activation.input.sizes(), activation.input.options());
  const struct Block final {
    api::utils::ivec4 size;
    int32_t depth;
  } block{activation.size, static_cast<int32_t>(parameters.extents().data[2])};
  run(VK_KERNEL(vkf_norm), output, block, activation.input, parameters);
  return activation.back(output);
}

/// Follows the statistics of a batch, as training does. Their sizes are (..., channels) or (channels).
void follow(const OptionalTensor& running, const Tensor& batch, const double momentum) {
  if (!has_tensor(running)) {
    return;
  }
  const Tensor before = running->is_vulkan() ? running->cpu() : *running;
  const Tensor mean = batch.cpu().reshape({-1, running->numel()}).mean(0).reshape(running->sizes());
  const Tensor after = before * (1 - momentum) + mean.to(before.scalar_type()) * momentum;
  // "running" is an argument that is const in the schema; the CPU's kernels change what it holds, too.
  Tensor(*running).copy_(after);
}

void follow_both(
    const OptionalTensor& running_mean,
    const OptionalTensor& running_variance,
    const NormMoments& batch,
    const double count,
    const double momentum) {
  if (!has_tensor(running_mean) && !has_tensor(running_variance)) {
    return;
  }
  follow(running_mean, convert(batch.first), momentum);
  if (has_tensor(running_variance)) {
    follow(running_variance, convert(batch.second).cpu() * (count / (count - 1)), momentum);
  }
}

/// Parameters made on the host: one upload instead of four and a shader.
Tensor host_parameters(
    const Activation& activation,
    const OptionalTensor& weight,
    const OptionalTensor& bias,
    const Tensor& mean,
    const Tensor& variance,
    const double epsilon) {
  const int64_t channels = activation.channels();
  const auto column = [channels](const Tensor& tensor) { return tensor.to(kDouble).reshape({channels}); };
  Tensor scale = at::rsqrt(column(variance) + epsilon);
  if (has_tensor(weight)) {
    scale = scale * column(*weight);
  }
  const Tensor shift = has_tensor(bias) ? column(*bias) : at::zeros({channels}, kDouble);
  const Tensor once = at::stack({column(mean), scale, shift}, 1).to(kFloat);
  return once.repeat({activation.parameter_planes() / channels, 1}).unsqueeze(1).vulkan();
}

bool on_host(const OptionalTensor& tensor) {
  return !has_tensor(tensor) || tensor->is_cpu();
}

Tensor batch_norm_evaluated(
    const Activation& activation,
    const OptionalTensor& weight,
    const OptionalTensor& bias,
    const Tensor& mean,
    const Tensor& variance,
    const double epsilon) {
  if (mean.is_cpu() && variance.is_cpu() && on_host(weight) && on_host(bias)) {
    const Tensor parameters = host_parameters(activation, weight, bias, mean, variance, epsilon);
    return normalized(activation, convert(parameters));
  }
  const Tensor means = channel_parameter(mean);
  const Tensor variances = channel_parameter(variance);
  const PlaneGroups groups{
      activation.parameter_planes(), 1, 1, activation.channels(), activation.channels()};
  return normalized(
      activation, norm_parameters(convert(means), convert(variances), weight, bias, groups, epsilon));
}

Tensor batch_norm_of(
    const Tensor& input,
    const OptionalTensor& weight,
    const OptionalTensor& bias,
    const OptionalTensor& running_mean,
    const OptionalTensor& running_variance,
    const bool training,
    const double momentum,
    const double epsilon,
    const bool /* cudnn_enabled */) {
  const Activation activation("aten::batch_norm", input);
  const int32_t channels = activation.channels();
  check_channel_parameter("batch_norm", "weight", weight, channels);
  check_channel_parameter("batch_norm", "bias", bias, channels);
  check_channel_parameter("batch_norm", "running_mean", running_mean, channels);
  check_channel_parameter("batch_norm", "running_var", running_variance, channels);
  if (!training) {
    TORCH_CHECK(
        has_tensor(running_mean) && has_tensor(running_variance),
        "batch_norm expects running_mean and running_var to be defined in evaluation mode");
    return batch_norm_evaluated(activation, weight, bias, *running_mean, *running_variance, epsilon);
  }
  const Reduction reduction(activation.size, {1, 1, channels, 1});
  const NormMoments batch = moments(activation.input, reduction);
  follow_both(running_mean, running_variance, batch, static_cast<double>(reduction.count()), momentum);
  const PlaneGroups groups{activation.parameter_planes(), 1, 1, channels, channels};
  return normalized(activation, norm_parameters(batch.first, batch.second, weight, bias, groups, epsilon));
}

NormMoments group_moments(const Activation& activation, const int32_t groups) {
  const int32_t size = activation.channels() / groups;
  const int32_t all = activation.batches() * groups;
  return moments(
      activation.input,
      Reduction({activation.size.data[0], activation.size.data[1], size, all}, {1, 1, 1, all}));
}

Tensor group_normalized(
    const Activation& activation,
    const OptionalTensor& weight,
    const OptionalTensor& bias,
    const NormMoments& statistics,
    const int32_t groups,
    const double epsilon) {
  const int32_t channels = activation.channels();
  const PlaneGroups plane_groups{
      activation.planes(), 1, channels / groups, activation.batches() * groups, channels};
  return normalized(
      activation, norm_parameters(statistics.first, statistics.second, weight, bias, plane_groups, epsilon));
}

Tensor group_norm_of(
    const Tensor& input,
    const int64_t groups,
    const OptionalTensor& weight,
    const OptionalTensor& bias,
    const double epsilon,
    const bool /* cudnn_enabled */) {
  const Activation activation("aten::group_norm", input);
  const int32_t channels = activation.channels();
  TORCH_CHECK(
      groups > 0 && channels % groups == 0,
      "group_norm expects a number of channels that ", groups, " groups divide, not ", channels);
  check_channel_parameter("group_norm", "weight", weight, channels);
  check_channel_parameter("group_norm", "bias", bias, channels);
  const int32_t count = static_cast<int32_t>(groups);
  return group_normalized(activation, weight, bias, group_moments(activation, count), count, epsilon);
}

Tensor instance_norm_of(
    const Tensor& input,
    const OptionalTensor& weight,
    const OptionalTensor& bias,
    const OptionalTensor& running_mean,
    const OptionalTensor& running_variance,
    const bool use_input_stats,
    const double momentum,
    const double epsilon,
    const bool cudnn_enabled) {
  if (!use_input_stats) {
    return batch_norm_of(
        input, weight, bias, running_mean, running_variance, false, momentum, epsilon, cudnn_enabled);
  }
  const Activation activation("aten::instance_norm", input);
  const int32_t channels = activation.channels();
  check_channel_parameter("instance_norm", "weight", weight, channels);
  check_channel_parameter("instance_norm", "bias", bias, channels);
  const NormMoments statistics = group_moments(activation, channels);
  const double count = static_cast<double>(activation.size.data[0]) * activation.size.data[1];
  follow_both(running_mean, running_variance, statistics, count, momentum);
  return group_normalized(activation, weight, bias, statistics, channels, epsilon);
}

void check_layer_norm_parameter(const char* const name, const OptionalTensor& tensor, const IntArrayRef shape) {
  TORCH_CHECK(
      !has_tensor(tensor) || tensor->sizes().equals(shape),
      "layer_norm expects ", name, " to be of normalized_shape ", shape_of(shape), ", not ",
      shape_of(tensor->sizes()));
}

Tensor layer_norm_of(
    const Tensor& input_arg,
    const IntArrayRef shape,
    const OptionalTensor& weight_arg,
    const OptionalTensor& bias_arg,
    const double epsilon,
    const bool /* cudnn_enabled */) {
  check_reducible("aten::layer_norm", input_arg);
  const size_t rank = input_arg.dim();
  TORCH_CHECK(
      !shape.empty() && shape.size() <= rank && input_arg.sizes().slice(rank - shape.size()).equals(shape),
      "layer_norm expects an input whose last dimensions are normalized_shape ", shape_of(shape), ", not ",
      shape_of(input_arg.sizes()));
  check_layer_norm_parameter("weight", weight_arg, shape);
  check_layer_norm_parameter("bias", bias_arg, shape);

  const Tensor input_tensor = on_device(input_arg);
  const vTensor& input = convert(input_tensor);
  const api::utils::ivec4 size = whcn(input.sizes());
  api::utils::ivec4 kept = size;
  std::fill(kept.data, kept.data + shape.size(), 1);
  const NormMoments statistics = moments(input, Reduction(size, kept));

  const int32_t planes = size.data[2] * size.data[3];
  const int32_t groups = kept.data[2] * kept.data[3];
  const vTensor parameters = norm_parameters(
      statistics.first,
      statistics.second,
      c10::nullopt,
      c10::nullopt,
      {planes, kept.data[1], planes / groups, groups, 1},
      epsilon);

  const Tensor weight = has_tensor(weight_arg) ? on_device(*weight_arg) : Tensor();
  const Tensor bias = has_tensor(bias_arg) ? on_device(*bias_arg) : Tensor();
  api::utils::ivec4 wsize = whcn(shape);
  wsize.data[2] *= wsize.data[3];
  vTensor output = make_output(input.sizes(), input.options());
  const struct Block final {
    api::utils::ivec4 size;
    api::utils::ivec4 wsize;
    int32_t rows;
    int32_t affine;
  } block{size, wsize, kept.data[1], (weight.defined() ? 1 : 0) + (bias.defined() ? 2 : 0)};
  run(VK_KERNEL(vkf_layer_norm),
      output,
      block,
      input,
      parameters,
      weight.defined() ? convert(weight) : parameters,
      bias.defined() ? convert(bias) : parameters);
  return convert(output);
}

// Outside inference mode, the composites run and call these. Nothing is trained here: no statistics are kept for
// a backward pass.
using NormResult = std::tuple<Tensor, Tensor, Tensor>;

NormResult native_batch_norm(
    const Tensor& input,
    const OptionalTensor& weight,
    const OptionalTensor& bias,
    const OptionalTensor& running_mean,
    const OptionalTensor& running_variance,
    const bool training,
    const double momentum,
    const double epsilon) {
  return {
      batch_norm_of(input, weight, bias, running_mean, running_variance, training, momentum, epsilon, false),
      Tensor(),
      Tensor()};
}

NormResult native_group_norm(
    const Tensor& input,
    const OptionalTensor& weight,
    const OptionalTensor& bias,
    const int64_t /* batches */,
    const int64_t /* channels */,
    const int64_t /* plane */,
    const int64_t groups,
    const double epsilon) {
  return {group_norm_of(input, groups, weight, bias, epsilon, false), Tensor(), Tensor()};
}

NormResult native_layer_norm(
    const Tensor& input,
    const IntArrayRef shape,
    const OptionalTensor& weight,
    const OptionalTensor& bias,
    const double epsilon) {
  return {layer_norm_of(input, shape, weight, bias, epsilon, false), Tensor(), Tensor()};
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::batch_norm"), TORCH_FN(batch_norm_of));
  m.impl(TORCH_SELECTIVE_NAME("aten::group_norm"), TORCH_FN(group_norm_of));
  m.impl(TORCH_SELECTIVE_NAME("aten::instance_norm"), TORCH_FN(instance_norm_of));
  m.impl(TORCH_SELECTIVE_NAME("aten::layer_norm"), TORCH_FN(layer_norm_of));
  m.impl(TORCH_SELECTIVE_NAME("aten::native_batch_norm"), TORCH_FN(native_batch_norm));
  m.impl(TORCH_SELECTIVE_NAME("aten::native_group_norm"), TORCH_FN(native_group_norm));
  m.impl(TORCH_SELECTIVE_NAME("aten::native_layer_norm"), TORCH_FN(native_layer_norm));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
