#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

// Planes of M x K times planes of K x N, or all times one matrix packed by vkf_pack_matrix (VKF_PACKED). Four planes
// lie in the lanes of a texel, so all arithmetic is on four products at once. One invocation: VKF_ROWS x VKF_COLUMNS
// texels of the output.

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uLeft;
layout(set = 0, binding = 2)         uniform PRECISION                    sampler3D uRight;
layout(set = 0, binding = 3)         uniform PRECISION                    sampler3D uBias;
layout(set = 0, binding = 4)         uniform PRECISION restrict           Block {
  ivec4 size;       // of the output: (N, M, planes, ...)
  ivec4 bias_size;
  int inner;        // K
  float alpha;
  float beta;
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;
layout(constant_id = 3) const int VKF_ROWS = 4;
layout(constant_id = 4) const int VKF_COLUMNS = 4;
layout(constant_id = 5) const int VKF_PACKED = 0;
layout(constant_id = 6) const int VKF_BIAS = 4; // VKF_VALUE: none

#include "vkf_layout.h"
#include "vkf_operand.h"

void vkf_store(const ivec3 pos, const vec4 sum) {
  if (all(lessThan(pos.xy, uBlock.size.xy))) {
    vec4 value = uBlock.alpha * sum;
    if (VKF_BIAS != VKF_VALUE) {
      vec4 bias;
      VKF_LOAD(bias, uBias, VKF_BIAS, uBlock.bias_size, 0.0, pos, uBlock.size);
      value += uBlock.beta * bias;
    }
    imageStore(uOutput, pos, vkf_mask(value, pos, uBlock.size));
  }
}

void vkf_store_row(const ivec3 pos, const mat4 sums) {
  vkf_store(pos, sums[0]);
  if (VKF_COLUMNS > 1) {
    vkf_store(pos + ivec3(1, 0, 0), sums[1]);
    vkf_store(pos + ivec3(2, 0, 0), sums[2]);
    vkf_store(pos + ivec3(3, 0, 0), sums[3]);
  }
}

/// The left texel times four right ones.
mat4 vkf_row(const vec4 left, const mat4 right) {
  return VKF_COLUMNS > 1 ? mat4(left * right[0], left * right[1], left * right[2], left * right[3])
                         : mat4(left * right[0], vec4(0), vec4(0), vec4(0));
}

void main() {
  const ivec3 id = ivec3(gl_GlobalInvocationID);
  const ivec3 pos = id * ivec3(VKF_COLUMNS, VKF_ROWS, 1);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (vkf_planes(uBlock.size) + 3) / 4)))) {
    return;
  }
  const ivec4 row = min(pos.y + ivec4(0, 1, 2, 3), ivec4(uBlock.size.y - 1));
  const ivec4 column = min(pos.x + ivec4(0, 1, 2, 3), ivec4(uBlock.size.x - 1));
  mat4 sums0 = mat4(0);
  mat4 sums1 = mat4(0);
  mat4 sums2 = mat4(0);
  mat4 sums3 = mat4(0);
  for (int k = 0; k < uBlock.inner + VKF_NONE; ++k) {
    mat4 right = mat4(0);
    if (VKF_PACKED == 1) {
      const vec4 shared_row = texelFetch(uRight, ivec3(pos.x / 4, k, 0), 0);
      right = mat4(shared_row.xxxx, shared_row.yyyy, shared_row.zzzz, shared_row.wwww);
    } else {
      right[0] = texelFetch(uRight, ivec3(column.x, k, pos.z), 0);
      if (VKF_COLUMNS > 1) {
        right[1] = texelFetch(uRight, ivec3(column.y, k, pos.z), 0);
        right[2] = texelFetch(uRight, ivec3(column.z, k, pos.z), 0);
        right[3] = texelFetch(uRight, ivec3(column.w, k, pos.z), 0);
      }
    }
    sums0 += vkf_row(texelFetch(uLeft, ivec3(k, row.x, pos.z), 0), right);
    if (VKF_ROWS > 1) {
      sums1 += vkf_row(texelFetch(uLeft, ivec3(k, row.y, pos.z), 0), right);
      sums2 += vkf_row(texelFetch(uLeft, ivec3(k, row.z, pos.z), 0), right);
      sums3 += vkf_row(texelFetch(uLeft, ivec3(k, row.w, pos.z), 0), right);
    }
  }
  vkf_store_row(pos, sums0);
  if (VKF_ROWS > 1) {
    vkf_store_row(pos + ivec3(0, 1, 0), sums1);
    vkf_store_row(pos + ivec3(0, 2, 0), sums2);
    vkf_store_row(pos + ivec3(0, 3, 0), sums3);
  }
}
