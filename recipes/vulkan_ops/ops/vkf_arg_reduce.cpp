#include <ATen/native/vulkan/ops/vkf_reduction.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

/// Units in a row of the dispatch: work groups are counted in 16 bits.
constexpr int64_t kArgRow = 32768;

/// The indices of the largest (smallest) elements. No image holds integers of 64 bits, so they go through a
/// buffer, and the result lies on the CPU.
Tensor arg_reduce(
    const char* const op,
    const Tensor& self_arg,
    const c10::optional<int64_t> dim,
    const bool keepdim,
    const bool smallest) {
  check_reducible(op, self_arg);
  const Tensor self = on_device(self_arg);
  const vTensor& input = convert(self);
  const Reduction reduction =
      dim ? Reduction(self, IntArrayRef{*dim}, keepdim) : Reduction(self, c10::nullopt, keepdim);
  Tensor result = at::empty(reduction.sizes, at::device(at::kCPU).dtype(at::kLong));
  const int64_t elements = result.numel();
  const int64_t row = std::min(elements, kArgRow);
  const int32_t axis = dim ? whcn_axis(*dim, std::max<int64_t>(self.dim(), 1)) : 4;
  const int32_t count = api::utils::safe_downcast<int32_t>(dim ? reduction.input.data[axis] : self.numel());

  const api::utils::uvec3 units{
      static_cast<uint32_t>(row), static_cast<uint32_t>(api::utils::div_up(elements, row)), 1};
  Group group = Group::of({static_cast<uint32_t>(count), 1, 1}, units);
  if (!group.together) {
    group.local = {64, 1, 1};
  }
  const struct Block final {
    api::utils::ivec4 isize;
    api::utils::ivec4 size;
    int32_t axis;
    int32_t count;
    int32_t smallest;
    int32_t row;
  } block{
      reduction.input, reduction.kept, axis, count, smallest, static_cast<int32_t>(row)};

  api::Context* const context = api::context();
  api::StorageBuffer indices(context, at::kInt, elements);
  api::VulkanFence fence = context->fences().get_fence();
  {
    // As in Copy.cpp: nobody may record between the submission and the flush.
    std::unique_lock<std::mutex> context_lock(context->dispatch_lock());
    api::UniformParamsBuffer params(context, block);
    api::PipelineBarrier barrier{};
    context->submit_compute_job(
        group.together ? VK_KERNEL(vkf_arg_reduce_group) : VK_KERNEL(vkf_arg_reduce),
        barrier,
        group.global(units),
        group.local,
        fence.get_submit_handle(),
        indices.buffer(),
        input.image(barrier, api::PipelineStage::COMPUTE),
        params.buffer());
    fence.wait();
    context->flush();
  }
  {
    api::MemoryMap mapping(indices.buffer(), api::MemoryAccessType::READ);
    mapping.invalidate();
    const int32_t* const from = mapping.template data<int32_t>();
    std::copy(from, from + elements, result.data_ptr<int64_t>());
  }
  context->fences().return_fence(fence);
  return result;
}

Tensor argmax(const Tensor& self, const c10::optional<int64_t> dim, const bool keepdim) {
  return arg_reduce("aten::argmax", self, dim, keepdim, false);
}

Tensor argmin(const Tensor& self, const c10::optional<int64_t> dim, const bool keepdim) {
  return arg_reduce("aten::argmin", self, dim, keepdim, true);
}

/// The values on the device, their indices on the CPU.
std::tuple<Tensor, Tensor> max_dim(const Tensor& self, const int64_t dim, const bool keepdim) {
  return {at::amax(self, IntArrayRef{dim}, keepdim), arg_reduce("aten::max", self, dim, keepdim, false)};
}

std::tuple<Tensor, Tensor> min_dim(const Tensor& self, const int64_t dim, const bool keepdim) {
  return {at::amin(self, IntArrayRef{dim}, keepdim), arg_reduce("aten::min", self, dim, keepdim, true)};
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::argmax"), TORCH_FN(argmax));
  m.impl(TORCH_SELECTIVE_NAME("aten::argmin"), TORCH_FN(argmin));
  m.impl(TORCH_SELECTIVE_NAME("aten::max.dim"), TORCH_FN(max_dim));
  m.impl(TORCH_SELECTIVE_NAME("aten::min.dim"), TORCH_FN(min_dim));
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
