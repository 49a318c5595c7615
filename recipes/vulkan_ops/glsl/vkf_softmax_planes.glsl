#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION                    sampler3D uLargest;
layout(set = 0, binding = 3)         uniform PRECISION                    sampler3D uSum;
layout(set = 0, binding = 4)         uniform PRECISION restrict           Block {
  ivec4 size;      // of input and output
  int divisor;     // plane p belongs to line p / divisor % lines
  int lines;
  int logarithm;   // 1: log_softmax
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"

// With what vkf_softmax_sums.glsl found for each line of planes.
void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (vkf_planes(uBlock.size) + 3) / 4)))) {
    return;
  }
  const vec4 value = texelFetch(uInput, pos, 0);
  vec4 result = vec4(0);
  for (int lane = 0; lane < 4 && pos.z * 4 + lane < vkf_planes(uBlock.size); ++lane) {
    const int line = (pos.z * 4 + lane) / uBlock.divisor % uBlock.lines;
    const ivec3 at = ivec3(pos.xy, line / 4);
    const float less = value[lane] - texelFetch(uLargest, at, 0)[line % 4];
    const float sum = texelFetch(uSum, at, 0)[line % 4];
    result[lane] = uBlock.logarithm + VKF_NONE != 0 ? less - log(sum) : exp(less) / sum;
  }
  imageStore(uOutput, pos, result);
}
