#include <ATen/native/vulkan/ops/vkf_rearrange.h>
#include <ATen/native/vulkan/ops/vkf_specialise.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

int32_t planes_step(const api::utils::ivec4& step, const int32_t channels) {
  return step.data[3] * channels + step.data[2];
}

/// What a map does to planes, if it keeps each plane together.
struct Planes final {
  bool apart = false;    // planes come from planes: width and height do not mix with channels and batch
  bool in_place = false; // each element keeps its place within its plane
  bool run = false;      // they are consecutive planes of the input
  bool texels = false;   // each texel of the output is one texel of the input, in the same order of lanes
  int32_t first = 0;     // where the first one comes from
};

Planes planes_of(const Affine& map, const api::utils::ivec4& size, const api::utils::ivec4& isize) {
  Planes planes;
  if (map.wrap) {
    return planes;
  }
  for (int axis = 0; axis < 4; ++axis) {
    const api::utils::ivec4& step = map.step[axis];
    if (axis < 2 ? step.data[2] != 0 || step.data[3] != 0 : step.data[0] != 0 || step.data[1] != 0) {
      return planes;
    }
  }
  planes.apart = true;
  planes.in_place = map.base.data[0] == 0 && map.base.data[1] == 0 && map.step[0].data[0] == 1 &&
      map.step[0].data[1] == 0 && map.step[1].data[0] == 0 && map.step[1].data[1] == 1;
  planes.first = planes_step(map.base, isize.data[2]);
  const int32_t channels = size.data[2];
  const int32_t batches = size.data[3];
  const int32_t batch = planes_step(map.step[3], isize.data[2]);
  if (channels == 1 || planes_step(map.step[2], isize.data[2]) == 1) {
    planes.run = batches == 1 || batch == channels;
    planes.texels = planes.first % 4 == 0 && (planes.run || (batch % 4 == 0 && channels % 4 == 0));
  }
  return planes;
}

} // namespace

void check_movable(const char* const op, const Tensor& tensor) {
  check_rank(op, tensor);
  if (tensor.scalar_type() != kFloat) {
    refuse(
        op,
        std::string("a tensor of type ") + toString(tensor.scalar_type()) + " and shape " +
            shape_of(tensor.sizes()),
        "only tensors of type Float can be moved about on Vulkan",
        tensor.scalar_type() == kQUInt8 ? "dequantize it before" : "convert it with .float() before");
  }
}

Tensor rearrange(const Tensor& input_arg, const IntArrayRef sizes, const Affine& map) {
  const Tensor input = on_device(input_arg);
  const vTensor& v_input = convert(input);
  vTensor v_output = make_output(sizes, v_input.options());
  const api::utils::ivec4 size = whcn(sizes);
  const api::utils::ivec4 isize = whcn(v_input.sizes());
  const Planes planes = planes_of(map, size, isize);
  const int32_t count = size.data[2] * size.data[3];
  if (planes.apart && planes.in_place && count == 1) {
    const struct Block final {
      api::utils::ivec2 size;
      int32_t plane;
    } block{{{size.data[0], size.data[1]}}, planes.first};
    run(VK_KERNEL(vkf_plane), v_output, block, v_input);
    return convert(v_output);
  }
  if (planes.in_place && planes.run && !planes.texels) {
    put_planes(v_input, planes.first, count, v_output, 0);
    return convert(v_output);
  }
  const struct Block final {
    api::utils::ivec4 size;
    api::utils::ivec4 isize;
    api::utils::ivec4 base;
    api::utils::ivec4 step[4];
  } block{size, isize, map.base, {map.step[0], map.step[1], map.step[2], map.step[3]}};
  if (planes.texels) {
    run(VK_KERNEL(vkf_affine_texels), v_output, block, v_input);
  } else {
    run(specialise(VK_KERNEL(vkf_affine), {map.wrap ? 1u : 0u}), v_output, block, v_input);
  }
  return convert(v_output);
}

Tensor reshape(const char* const op, const Tensor& input_arg, const IntArrayRef sizes, const bool fresh) {
  const Tensor input = on_device(input_arg);
  const vTensor& v_input = convert(input);
  if (v_input.shares_layout(sizes)) {
    return convert(v_input.with_sizes(sizes));
  }
  check_movable(op, input);
  vTensor v_output = make_output(sizes, v_input.options());
  const api::utils::ivec4 size = whcn(sizes);
  const api::utils::ivec4 isize = whcn(v_input.sizes());
  const int32_t plane = size.data[0] * size.data[1];
  const int32_t rows = plane / isize.data[0];
  const struct Block final {
    api::utils::ivec4 size;
    api::utils::ivec4 isize;
    api::utils::ivec4 step;
  } block{
      size, isize, {{plane % isize.data[0], rows % isize.data[1], rows / isize.data[1], 0}}};
  run(VK_KERNEL(vkf_reshape), v_output, block, v_input);
  if (!fresh) {
    v_output.set_view_of(v_input);
  }
  return convert(v_output);
}

Tensor as_view(const Tensor& base, const Tensor& view) {
  convert(view).set_view_of(convert(base));
  return view;
}

void copy_texels(
    const vTensor& from,
    const api::utils::uvec3& from_offset,
    vTensor& to,
    const api::utils::uvec3& to_offset,
    const api::utils::uvec3& extents) {
  api::PipelineBarrier barrier{};
  api::context()->submit_copy<api::VulkanImage, api::VulkanImage>(
      barrier,
      from.image(barrier, api::PipelineStage::TRANSFER),
      to.image(barrier, api::PipelineStage::TRANSFER, api::MemoryAccessType::WRITE),
      extents,
      from_offset,
      to_offset,
      VK_NULL_HANDLE);
}

void put_planes(const vTensor& from, const int32_t first, const int32_t count, vTensor& to, const int32_t begin) {
  const api::utils::uvec3 extents = to.extents();
  const int32_t end = begin + count;
  const api::utils::uvec3 global{
      {extents.data[0], extents.data[1], static_cast<uint32_t>((end + 3) / 4 - begin / 4)}};
  const struct Block final {
    api::utils::ivec4 size;
    int32_t begin;
    int32_t end;
    int32_t from;
  } block{
      {{static_cast<int32_t>(global.data[0]),
        static_cast<int32_t>(global.data[1]),
        static_cast<int32_t>(global.data[2]),
        static_cast<int32_t>(from.extents().data[2])}},
      begin,
      end,
      first,
  };
  api::Context* const context = api::context();
  api::UniformParamsBuffer params(context, block);
  api::PipelineBarrier barrier{};
  context->submit_compute_job(
      VK_KERNEL(vkf_planes),
      barrier,
      global,
      adaptive_work_group_size(global),
      VK_NULL_HANDLE,
      to.image(
          barrier, api::PipelineStage::COMPUTE, api::MemoryAccessType::READ | api::MemoryAccessType::WRITE),
      from.image(barrier, api::PipelineStage::COMPUTE),
      params.buffer());
}

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
