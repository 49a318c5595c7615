#include <ATen/ExpandUtils.h>
#include <ATen/native/vulkan/ops/vkf_elementwise.h>
#include <ATen/native/vulkan/ops/vkf_specialise.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

using Sizes = c10::SmallVector<int64_t, 4u>;

struct UnaryBlock final {
  api::utils::ivec4 size;
  Parameters parameters;
};

struct BinaryBlock final {
  api::utils::ivec4 size;
  api::utils::ivec4 a_size;
  api::utils::ivec4 b_size;
  api::utils::vec4 value;
  float alpha;
};

struct TernaryBlock final {
  api::utils::ivec4 size;
  api::utils::ivec4 a_size;
  api::utils::ivec4 b_size;
  api::utils::ivec4 c_size;
  api::utils::vec4 value;
  float alpha;
};

api::utils::ivec4 size_of(const Operand& operand) {
  return operand.tensor.defined() ? whcn(operand.tensor.sizes()) : api::utils::ivec4{1, 1, 1, 1};
}

uint32_t operand_access(const Operand& operand, const IntArrayRef output) {
  return operand.tensor.defined() ? access_of(operand.tensor, output) : VKF_VALUE;
}

Sizes broadcast(const char* const op, const std::initializer_list<const Operand*> operands) {
  std::vector<int64_t> sizes;
  for (const Operand* const operand : operands) {
    if (operand->tensor.defined()) {
      sizes = at::infer_size(sizes, operand->tensor.sizes());
    }
  }
  if (sizes.size() > 4) {
    refuse(op, "a result of shape " + shape_of(sizes), "Vulkan tensors have at most 4 dimensions",
           "reshape the operands before, or run this operator on the CPU");
  }
  return Sizes(sizes.begin(), sizes.end());
}

/// Some tensor among the operands: numbers bind its image, which the shader then does not read.
const Tensor& any_tensor(const std::initializer_list<const Operand*> operands) {
  for (const Operand* const operand : operands) {
    if (operand->tensor.defined()) {
      return operand->tensor;
    }
  }
  TORCH_INTERNAL_ASSERT(false, "An elementwise operator without a tensor");
}

const vTensor& image_of(const Operand& operand, const Tensor& otherwise) {
  return convert(operand.tensor.defined() ? operand.tensor : otherwise);
}

void check_in_place(const char* const op, const Tensor& self, const IntArrayRef sizes) {
  TORCH_CHECK(
      self.is_vulkan(), op, " in place cannot put the result of a Vulkan tensor into a tensor of the CPU; call .vulkan() on it before");
  TORCH_CHECK(
      self.sizes() == sizes, op, " in place cannot broadcast ", shape_of(self.sizes()), " to ", shape_of(sizes));
}

/// run() on an output that is read, too.
template <class Block, class... Inputs>
void run_in_place(const api::ShaderSource& shader, vTensor& output, const Block& block, const Inputs&... inputs) {
  api::Context* const context = api::context();
  api::UniformParamsBuffer params(context, block);
  api::PipelineBarrier barrier{};
  context->submit_compute_job(
      shader,
      barrier,
      output.extents(),
      adaptive_work_group_size(output.extents()),
      VK_NULL_HANDLE,
      output.image(barrier, api::PipelineStage::COMPUTE, api::MemoryAccessType::READ | api::MemoryAccessType::WRITE),
      inputs.image(barrier, api::PipelineStage::COMPUTE)...,
      params.buffer());
}

} // namespace

Tensor float_on_device(const char* const op, const Tensor& tensor) {
  check_rank(op, tensor);
  const auto type = tensor.scalar_type();
  const bool is_float = type == kFloat || type == kHalf;
  if (tensor.is_vulkan()) {
    if (!is_float || convert(tensor).is_quantized()) {
      refuse(op, std::string("a Vulkan tensor of type ") + c10::toString(type), "it computes in float",
             "convert it to float before");
    }
    return tensor;
  }
  if (!is_float && !at::isIntegralType(type, /*includeBool=*/true)) {
    refuse(op, std::string("a CPU tensor of type ") + c10::toString(type), "Vulkan computes in float",
           "call .float() on it before");
  }
  return tensor.to(kFloat).vulkan();
}

uint32_t access_of(const Tensor& operand, const IntArrayRef output) {
  const auto size = whcn(output);
  const auto own = whcn(operand.sizes());
  const bool same_map = own.data[0] == size.data[0] && own.data[1] == size.data[1];
  const bool same_planes = own.data[2] == size.data[2] && own.data[3] == size.data[3];
  if (same_planes) {
    return same_map ? VKF_SAME : VKF_TEXEL;
  }
  if (own.data[2] * own.data[3] == 1) {
    return VKF_SPLAT;
  }
  // one batch's planes fill whole texels
  return own.data[2] == size.data[2] && own.data[2] % 4 == 0 ? VKF_TEXEL : VKF_GATHER;
}

Operand::Operand(const char* const op, const Tensor& operand) {
  if (operand.dim() == 0 && operand.is_cpu() && !operand.is_complex()) {
    number = operand.item().to<float>();
  } else {
    tensor = float_on_device(op, operand);
  }
}

Tensor unary(const char* const op, const uint32_t operation, const Tensor& self, const Parameters& parameters) {
  const Tensor input = float_on_device(op, self);
  const vTensor& v_input = convert(input);
  vTensor v_output = make_output(v_input.sizes(), v_input.options());
  const UnaryBlock block{whcn(v_input.sizes()), parameters};
  run(specialise(VK_KERNEL(vkf_unary), {operation}), v_output, block, v_input);
  return convert(v_output);
}

Tensor& unary_(const char* const op, const uint32_t operation, Tensor& self, const Parameters& parameters) {
  check_in_place(op, self, self.sizes());
  float_on_device(op, self);
  vTensor& v_self = convert(self);
  const UnaryBlock block{whcn(v_self.sizes()), parameters};
  run_in_place(specialise(VK_KERNEL(vkf_unary_), {operation}), v_self, block);
  return self;
}

Tensor binary(const char* const op, const uint32_t operation, const Operand& a, const Operand& b, const float alpha) {
  const Sizes sizes = broadcast(op, {&a, &b});
  const Tensor& some = any_tensor({&a, &b});
  vTensor v_output = make_output(sizes, convert(some).options());
  const BinaryBlock block{whcn(sizes), size_of(a), size_of(b), {a.number, b.number, 0.0f, 0.0f}, alpha};
  run(specialise(VK_KERNEL(vkf_binary), {operation, operand_access(a, sizes), operand_access(b, sizes)}),
      v_output,
      block,
      image_of(a, some),
      image_of(b, some));
  return convert(v_output);
}

Tensor& binary_(const char* const op, const uint32_t operation, Tensor& self, const Operand& b, const float alpha) {
  const Operand a(op, self);
  check_in_place(op, self, broadcast(op, {&a, &b}));
  if (!b.tensor.defined() || convert(self).shares_image(convert(b.tensor))) {
    // An image cannot be read and written at once; and a number would leave nothing to bind.
    return binary_(op, VKF_SECOND, self, Operand(op, binary(op, operation, a, b, alpha)));
  }
  vTensor& v_self = convert(self);
  const auto size = whcn(v_self.sizes());
  const BinaryBlock block{size, size, size_of(b), {0.0f, 0.0f, 0.0f, 0.0f}, alpha};
  run_in_place(
      specialise(VK_KERNEL(vkf_binary_), {operation, VKF_SAME, operand_access(b, v_self.sizes())}),
      v_self,
      block,
      convert(b.tensor));
  return self;
}

Tensor ternary(
    const char* const op,
    const uint32_t operation,
    const Operand& a,
    const Operand& b,
    const Operand& c,
    const float alpha) {
  const Sizes sizes = broadcast(op, {&a, &b, &c});
  const Tensor& some = any_tensor({&a, &b, &c});
  vTensor v_output = make_output(sizes, convert(some).options());
  const TernaryBlock block{
      whcn(sizes), size_of(a), size_of(b), size_of(c), {a.number, b.number, c.number, 0.0f}, alpha};
  run(specialise(
          VK_KERNEL(vkf_ternary), {operation, operand_access(a, sizes), operand_access(b, sizes), operand_access(c, sizes)}),
      v_output,
      block,
      image_of(a, some),
      image_of(b, some),
      image_of(c, some));
  return convert(v_output);
}

Tensor& ternary_(
    const char* const op,
    const uint32_t operation,
    Tensor& self,
    const Operand& b,
    const Operand& c,
    const float alpha) {
  const Operand a(op, self);
  check_in_place(op, self, broadcast(op, {&a, &b, &c}));
  const bool has_tensor = b.tensor.defined() || c.tensor.defined();
  if (!has_tensor || (b.tensor.defined() && convert(self).shares_image(convert(b.tensor))) ||
      (c.tensor.defined() && convert(self).shares_image(convert(c.tensor)))) {
    return binary_(op, VKF_SECOND, self, Operand(op, ternary(op, operation, a, b, c, alpha)));
  }
  vTensor& v_self = convert(self);
  const auto size = whcn(v_self.sizes());
  const Tensor& some = any_tensor({&b, &c});
  const TernaryBlock block{size, size, size_of(b), size_of(c), {0.0f, b.number, c.number, 0.0f}, alpha};
  run_in_place(
      specialise(
          VK_KERNEL(vkf_ternary_), {operation, VKF_SAME, operand_access(b, v_self.sizes()), operand_access(c, v_self.sizes())}),
      v_self,
      block,
      image_of(b, some),
      image_of(c, some));
  return self;
}

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
