#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

// One matrix of M x K (a plane) times one of K x N, packed by vkf_pack_matrix. One invocation: VKF_ROWS rows of four
// elements each.

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uLeft;
layout(set = 0, binding = 2)         uniform PRECISION                    sampler3D uRight;
layout(set = 0, binding = 3)         uniform PRECISION                    sampler3D uBias;
layout(set = 0, binding = 4)         uniform PRECISION restrict           Block {
  ivec4 size;       // of the output: (N, M, 1, 1)
  ivec4 bias_size;
  int inner;        // K
  float alpha;
  float beta;
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;
layout(constant_id = 3) const int VKF_ROWS = 1;
layout(constant_id = 4) const int VKF_BIAS = 0;

#include "vkf_layout.h"

#define VKF_LEFT(column, row) texelFetch(uLeft, ivec3(column, row, 0), 0).x
#define VKF_LEFT4(column, row) \
  vec4(VKF_LEFT(column, row), VKF_LEFT(column + 1, row), VKF_LEFT(column + 2, row), VKF_LEFT(column + 3, row))

void vkf_store(const ivec2 at, const vec4 sum) {
  if (at.y < uBlock.size.y) {
    for (int i = 0; i < 4; ++i) {
      if (at.x + i < uBlock.size.x) {
        float value = uBlock.alpha * sum[i];
        if (VKF_BIAS == 1) {
          value += uBlock.beta * texelFetch(uBias, ivec3(min(ivec2(at.x + i, at.y), uBlock.bias_size.xy - 1), 0), 0).x;
        }
        imageStore(uOutput, ivec3(at.x + i, at.y, 0), vec4(value, 0, 0, 0));
      }
    }
  }
}

void main() {
  const ivec2 pos = ivec2(gl_GlobalInvocationID.xy);
  const ivec2 at = pos * ivec2(4, VKF_ROWS);
  if (any(greaterThanEqual(at, uBlock.size.xy)) || gl_GlobalInvocationID.z > 0) {
    return;
  }
  const ivec4 row = min(at.y + ivec4(0, 1, 2, 3), ivec4(uBlock.size.y - 1));
  vec4 sum0 = vec4(0);
  vec4 sum1 = vec4(0);
  vec4 sum2 = vec4(0);
  vec4 sum3 = vec4(0);
  const int inner = uBlock.inner + VKF_NONE;
  int k = 0;
  for (; k + 3 < inner; k += 4) {
    const mat4 right = mat4(
        texelFetch(uRight, ivec3(pos.x, k, 0), 0),
        texelFetch(uRight, ivec3(pos.x, k + 1, 0), 0),
        texelFetch(uRight, ivec3(pos.x, k + 2, 0), 0),
        texelFetch(uRight, ivec3(pos.x, k + 3, 0), 0));
    sum0 += right * VKF_LEFT4(k, row.x);
    if (VKF_ROWS > 1) {
      sum1 += right * VKF_LEFT4(k, row.y);
    }
    if (VKF_ROWS > 2) {
      sum2 += right * VKF_LEFT4(k, row.z);
      sum3 += right * VKF_LEFT4(k, row.w);
    }
  }
  for (; k < inner; ++k) {
    const vec4 right = texelFetch(uRight, ivec3(pos.x, k, 0), 0);
    sum0 += right * VKF_LEFT(k, row.x);
    if (VKF_ROWS > 1) {
      sum1 += right * VKF_LEFT(k, row.y);
    }
    if (VKF_ROWS > 2) {
      sum2 += right * VKF_LEFT(k, row.z);
      sum3 += right * VKF_LEFT(k, row.w);
    }
  }
  vkf_store(at, sum0);
  if (VKF_ROWS > 1) {
    vkf_store(at + ivec2(0, 1), sum1);
  }
  if (VKF_ROWS > 2) {
    vkf_store(at + ivec2(0, 2), sum2);
    vkf_store(at + ivec2(0, 3), sum3);
  }
}
