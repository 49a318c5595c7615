#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;      // of input and output
  int axis;        // 0: along x, 1: y, 2: channels, 3: batches
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"

/// Adds with compensation (Kahan): sums of any length are as exact as a float can be.
struct VkfSum {
  vec4 total;
  vec4 lost;
};

VkfSum vkf_add(const VkfSum sum, const vec4 value) {
  precise const vec4 exact = value - sum.lost;
  precise const vec4 total = sum.total + exact;
  precise vec4 lost = (total - sum.total) - exact;
  // Not where the sum is infinite: that would make NaN of what follows.
  lost = mix(lost, vec4(0), isnan(lost));
  return VkfSum(total, lost);
}

// One invocation runs along each line; over batches, each sums up its own.
void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  const int planes = vkf_planes(uBlock.size);
  const int axis = uBlock.axis + VKF_NONE;
  ivec3 extent = ivec3(uBlock.size.xy, (planes + 3) / 4);
  if (axis < 3) {
    extent[axis] = 1;
  }
  if (any(greaterThanEqual(pos, extent))) {
    return;
  }

  VkfSum sum = VkfSum(vec4(0), vec4(0));
  if (axis < 2) {
    ivec3 at = pos;
    for (int i = 0; i < uBlock.size[axis]; ++i) {
      at[axis] = i;
      sum = vkf_add(sum, texelFetch(uInput, at, 0));
      imageStore(uOutput, at, vkf_mask(sum.total, at, uBlock.size));
    }
  } else if (axis == 2) {
    for (int z = 0; z * 4 < planes + VKF_NONE; ++z) {
      const vec4 value = texelFetch(uInput, ivec3(pos.xy, z), 0);
      vec4 result = vec4(0);
      for (int lane = 0; lane < 4 && z * 4 + lane < planes; ++lane) {
        if ((z * 4 + lane) % uBlock.size.z == 0) {
          sum = VkfSum(vec4(0), vec4(0));
        }
        sum = vkf_add(sum, vec4(value[lane]));
        result[lane] = sum.total.x;
      }
      imageStore(uOutput, ivec3(pos.xy, z), result);
    }
  } else {
    vec4 result = vec4(0);
    for (int lane = 0; lane < 4 && pos.z * 4 + lane < planes; ++lane) {
      const int last = pos.z * 4 + lane;
      sum = VkfSum(vec4(0), vec4(0));
      for (int plane = last % uBlock.size.z; plane <= last; plane += uBlock.size.z) {
        sum = vkf_add(sum, vec4(texelFetch(uInput, ivec3(pos.xy, plane / 4), 0)[plane % 4]));
      }
      result[lane] = sum.total.x;
    }
    imageStore(uOutput, pos, result);
  }
}
