#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;      // of input and output
  int count;       // texels of a batch, which begins with one
  int logarithm;   // 1: log_softmax
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"

// max() of a NaN may be either. It does not matter: the sum is NaN then, and so is all that is divided by it.

#define VKF_LEAST vec4(uintBitsToFloat(0xff800000u))

float vkf_largest(const vec4 value) {
  return max(max(value.x, value.y), max(value.z, value.w));
}

float vkf_sum(const vec4 value) {
  return value.x + value.y + (value.z + value.w);
}

// One invocation for each position of each batch. The last texel stands alone, so that the others need no mask.
// The sum of the exponentials is that of what differs from the largest value so far, and shrinks when a larger one
// comes: so one pass over the input, and not two, is needed before the one that writes.
void main() {
  const ivec3 unit = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(unit, uBlock.size.xyw))) {
    return;
  }
  const int begin = unit.z * uBlock.count;
  const ivec3 last = ivec3(unit.xy, begin + uBlock.count - 1);
  const bvec4 lanes = lessThan((uBlock.count - 1) * 4 + ivec4(0, 1, 2, 3), ivec4(uBlock.size.z));

  // Lanes beyond the last channel are -Inf: never the largest, and exp() of them is 0.
  const vec4 last_value = mix(VKF_LEAST, texelFetch(uInput, last, 0), lanes);
  vec4 largest_of = last_value;
  vec4 sums = mix(vec4(1), vec4(0), equal(last_value, VKF_LEAST));
  for (int z = begin; z < last.z; ++z) {
    const vec4 value = texelFetch(uInput, ivec3(unit.xy, z), 0);
    const vec4 further = value - largest_of;
    // -Inf adds nothing; less -Inf, it would be NaN.
    const vec4 change = mix(exp(-abs(further)), vec4(0), equal(value, VKF_LEAST));
    sums = mix(sums + change, sums * change + 1.0, greaterThan(further, vec4(0)));
    largest_of = max(largest_of, value);
  }
  const float largest = vkf_largest(largest_of);
  const float sum = vkf_sum(sums * exp(largest_of - largest));

  if (uBlock.logarithm + VKF_NONE == 0) {
    for (int z = begin; z < last.z; ++z) {
      const ivec3 at = ivec3(unit.xy, z);
      imageStore(uOutput, at, exp(texelFetch(uInput, at, 0) - largest) / sum);
    }
    imageStore(uOutput, last, mix(vec4(0), exp(last_value - largest) / sum, lanes));
  } else {
    const float less = log(sum);
    for (int z = begin; z < last.z; ++z) {
      const ivec3 at = ivec3(unit.xy, z);
      imageStore(uOutput, at, texelFetch(uInput, at, 0) - largest - less);
    }
    imageStore(uOutput, last, mix(vec4(0), last_value - largest - less, lanes));
  }
}
