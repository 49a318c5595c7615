#include <ATen/ExpandUtils.h>
#include <ATen/native/vulkan/ops/Utils.h>
#include <ATen/native/vulkan/ops/vkf_elementwise.h>
#include <ATen/native/vulkan/ops/vkf_matrix.h>
#include <ATen/native/vulkan/ops/vkf_specialise.h>
#include <torch/library.h>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

struct PackBlock final {
  api::utils::ivec4 size;
  api::utils::ivec2 packed;
  int32_t transposed;
};

struct ProductBlock final {
  api::utils::ivec4 size;
  api::utils::ivec4 bias_size;
  int32_t inner;
  float alpha;
  float beta;
};

constexpr int64_t kTile = 4;

uint32_t tiles(const int64_t size, const int64_t tile) {
  return api::utils::safe_downcast<uint32_t>((size + tile - 1) / tile);
}

vTensor make_packed(const int64_t inner, const int64_t columns) {
  return make_output(
      {4, inner, (columns + kTile - 1) / kTile}, TensorOptions().dtype(kFloat).device(at::Device(kVulkan)));
}

void pack_on_cpu(const Tensor& matrix, vTensor& v_packed) {
  const Tensor source = matrix.to(kFloat).contiguous();
  const int64_t inner = source.size(0);
  const int64_t columns = source.size(1);
  const int64_t width = (columns + kTile - 1) / kTile;
  const float* from = source.data_ptr<float>();

  api::StorageBuffer staging(api::context(), kFloat, v_packed.numcells());
  {
    api::MemoryMap mapping(staging.buffer(), api::MemoryAccessType::WRITE);
    float* const to = mapping.template data<float>();
    memset(to, 0, mapping.nbytes());
    for (int64_t k = 0; k < inner; ++k) {
      for (int64_t n = 0; n < columns; ++n) {
        to[((n % kTile) * inner + k) * width + n / kTile] = *from++;
      }
    }
  }
  utils::pack_staging_to_vtensor(staging.buffer(), v_packed);
}

/// Records a product of "rows" x "columns" results for each invocation.
void run_product(
    const api::ShaderSource& shader,
    vTensor& output,
    const vTensor& left,
    const vTensor& right,
    const vTensor& bias,
    const ProductBlock& block,
    const api::utils::uvec3& global) {
  api::Context* const context = api::context();
  api::UniformParamsBuffer params(context, block);
  api::PipelineBarrier barrier{};
  const api::utils::uvec3 local =
      global.data[1] == 1 ? api::utils::uvec3{32, 1, 1} : api::utils::uvec3{8, 8, 1};
  context->submit_compute_job(
      shader,
      barrier,
      global,
      local,
      VK_NULL_HANDLE,
      output.image(barrier, api::PipelineStage::COMPUTE, api::MemoryAccessType::WRITE),
      left.image(barrier, api::PipelineStage::COMPUTE),
      right.image(barrier, api::PipelineStage::COMPUTE),
      bias.image(barrier, api::PipelineStage::COMPUTE),
      params.buffer());
}

int64_t planes_of(const IntArrayRef sizes) {
  return static_cast<int64_t>(get_dim<Dim4D::Channel>(sizes)) * get_dim<Dim4D::Batch>(sizes);
}

/// The bias on the device, or nothing where it counts for nothing; it must broadcast to "output".
c10::optional<Tensor> usable_bias(
    const char* const op,
    const c10::optional<Tensor>& bias,
    const float beta,
    const IntArrayRef output) {
  if (!bias || !bias->defined() || beta == 0.0f) {
    return c10::nullopt;
  }
  TORCH_CHECK(
      at::is_expandable_to(bias->sizes(), output),
      op, " cannot broadcast ", shape_of(bias->sizes()), " to the product's shape ", shape_of(output));
  return float_on_device(op, *bias);
}

} // namespace

PackedMatrix pack_matrix(const char* const op, const Tensor& matrix, const bool transposed) {
  TORCH_CHECK(
      matrix.dim() == 2 || (matrix.dim() == 1 && transposed),
      op, " expects a matrix, not a tensor of shape ", shape_of(matrix.sizes()));
  const int64_t width = matrix.size(-1);
  const int64_t height = matrix.dim() == 2 ? matrix.size(0) : 1;
  const int64_t inner = transposed ? width : height;
  const int64_t columns = transposed ? height : width;
  vTensor v_packed = make_packed(inner, columns);
  if (!matrix.is_vulkan()) {
    pack_on_cpu(transposed ? matrix.reshape({height, width}).t() : matrix, v_packed);
  } else {
    const vTensor& v_matrix = convert(float_on_device(op, matrix));
    const PackBlock block{
        whcn(v_matrix.sizes()),
        {api::utils::safe_downcast<int32_t>((columns + kTile - 1) / kTile),
         api::utils::safe_downcast<int32_t>(inner)},
        transposed ? 1 : 0};
    run(VK_KERNEL(vkf_pack_matrix), v_packed, block, v_matrix);
  }
  return {v_packed, inner, columns};
}

Tensor multiply(
    const char* const op,
    const Tensor& input_arg,
    const PackedMatrix& right,
    const c10::optional<Tensor>& bias_arg,
    const float alpha,
    const float beta) {
  const Tensor input = float_on_device(op, input_arg);
  TORCH_CHECK(
      input.dim() > 0 && input.size(-1) == right.inner,
      op, " cannot multiply ", shape_of(input.sizes()), " by ", shape_of({right.inner, right.columns}));
  c10::SmallVector<int64_t, 4u> sizes(input.sizes().begin(), input.sizes().end());
  sizes.back() = right.columns;
  const c10::optional<Tensor> bias = usable_bias(op, bias_arg, beta, sizes);

  const vTensor& v_input = convert(input);
  vTensor v_output = make_output(sizes, v_input.options());
  const auto size = whcn(sizes);
  const ProductBlock block{
      size,
      bias ? whcn(bias->sizes()) : api::utils::ivec4{1, 1, 1, 1},
      api::utils::safe_downcast<int32_t>(right.inner),
      alpha,
      beta};
  const int64_t height = size.data[1];
  if (planes_of(sizes) == 1) {
    const uint32_t rows = height == 1 ? 1 : height == 2 ? 2 : 4;
    run_product(
        specialise(VK_KERNEL(vkf_mm), {rows, bias ? 1u : 0u}),
        v_output,
        v_input,
        right.image,
        bias ? convert(*bias) : v_input,
        block,
        {tiles(right.columns, kTile), tiles(height, rows), 1});
  } else {
    const uint32_t rows = height == 1 ? 1 : 4;
    const uint32_t access = bias ? access_of(*bias, sizes) : VKF_VALUE;
    run_product(
        specialise(VK_KERNEL(vkf_bmm), {rows, 4, 1, access}),
        v_output,
        v_input,
        right.image,
        bias ? convert(*bias) : v_input,
        block,
        {tiles(right.columns, kTile), tiles(height, rows), v_output.extents().data[2]});
  }
  return convert(v_output);
}

namespace {

Tensor multiply_batches(
    const char* const op,
    const Tensor& left_arg,
    const Tensor& right_arg,
    const c10::optional<Tensor>& bias_arg,
    const float alpha,
    const float beta) {
  TORCH_CHECK(
      left_arg.dim() == 3 && right_arg.dim() == 3 && left_arg.size(0) == right_arg.size(0) &&
          left_arg.size(2) == right_arg.size(1),
      op, " cannot multiply ", shape_of(left_arg.sizes()), " by ", shape_of(right_arg.sizes()));
  const Tensor left = float_on_device(op, left_arg);
  const Tensor right = float_on_device(op, right_arg);
  const c10::SmallVector<int64_t, 4u> sizes{left.size(0), left.size(1), right.size(2)};
  const c10::optional<Tensor> bias = usable_bias(op, bias_arg, beta, sizes);

  const vTensor& v_left = convert(left);
  vTensor v_output = make_output(sizes, v_left.options());
  const ProductBlock block{
      whcn(sizes),
      bias ? whcn(bias->sizes()) : api::utils::ivec4{1, 1, 1, 1},
      api::utils::safe_downcast<int32_t>(left.size(2)),
      alpha,
      beta};
  const uint32_t rows = sizes[1] == 1 ? 1 : 4;
  const uint32_t columns = sizes[2] == 1 ? 1 : 4;
  run_product(
      specialise(VK_KERNEL(vkf_bmm), {rows, columns, 0, bias ? access_of(*bias, sizes) : VKF_VALUE}),
      v_output,
      v_left,
      convert(right),
      bias ? convert(*bias) : v_left,
      block,
      {tiles(sizes[2], columns), tiles(sizes[1], rows), v_output.extents().data[2]});
  return convert(v_output);
}

void check_matrices(const char* const op, const Tensor& left, const Tensor& right) {
  TORCH_CHECK(
      left.dim() == 2 && right.dim() == 2 && left.size(1) == right.size(0),
      op, " cannot multiply ", shape_of(left.sizes()), " by ", shape_of(right.sizes()));
}

Tensor mm(const Tensor& self, const Tensor& mat2) {
  check_matrices("aten::mm", self, mat2);
  return multiply("aten::mm", self, pack_matrix("aten::mm", mat2));
}

Tensor addmm(
    const Tensor& self,
    const Tensor& mat1,
    const Tensor& mat2,
    const Scalar& beta,
    const Scalar& alpha) {
  check_matrices("aten::addmm", mat1, mat2);
  return multiply("aten::addmm", mat1, pack_matrix("aten::addmm", mat2), self, alpha.to<float>(), beta.to<float>());
}

Tensor bmm(const Tensor& self, const Tensor& mat2) {
  return multiply_batches("aten::bmm", self, mat2, c10::nullopt, 1.0f, 1.0f);
}

Tensor baddbmm(
    const Tensor& self,
    const Tensor& batch1,
    const Tensor& batch2,
    const Scalar& beta,
    const Scalar& alpha) {
  return multiply_batches("aten::baddbmm", batch1, batch2, self, alpha.to<float>(), beta.to<float>());
}

// A vector is the image of a matrix of one row; the matrix transposed stands to the right of it.

Tensor mv(const Tensor& self, const Tensor& vec) {
  TORCH_CHECK(
      self.dim() == 2 && vec.dim() == 1 && self.size(1) == vec.size(0),
      "aten::mv cannot multiply ", shape_of(self.sizes()), " by ", shape_of(vec.sizes()));
  return multiply("aten::mv", vec, pack_matrix("aten::mv", self, /*transposed=*/true));
}

Tensor dot(const Tensor& self, const Tensor& other) {
  TORCH_CHECK(
      self.dim() == 1 && other.dim() == 1 && self.size(0) == other.size(0),
      "aten::dot cannot multiply ", shape_of(self.sizes()), " by ", shape_of(other.sizes()));
  return multiply("aten::dot", self, pack_matrix("aten::dot", other, /*transposed=*/true)).reshape({});
}

TORCH_LIBRARY_IMPL(aten, Vulkan, m) {
  m.impl(TORCH_SELECTIVE_NAME("aten::mm"), mm);
  m.impl(TORCH_SELECTIVE_NAME("aten::addmm"), addmm);
  m.impl(TORCH_SELECTIVE_NAME("aten::bmm"), bmm);
  m.impl(TORCH_SELECTIVE_NAME("aten::baddbmm"), baddbmm);
  m.impl(TORCH_SELECTIVE_NAME("aten::mv"), mv);
  m.impl(TORCH_SELECTIVE_NAME("aten::dot"), dot);
}

} // namespace
} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
