#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;         // xyz: extents of the output
  ivec2 last;         // last index of the input, in x and y
  ivec2 start_whole;  // position in the input of the output's first texel
  ivec2 step_whole;   // distance in the input between neighbours in the output
  uvec2 start_part;
  uvec2 step_part;
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_resample.h"

/// Weights of the four taps around a position, by its fraction: the cubic convolution with A = -0.75.
vec4 weights(const float t) {
  const float a = -0.75;
  const vec2 outer = vec2(t + 1, 2 - t);
  const vec2 inner = vec2(t, 1 - t);
  const vec2 far = ((a * outer - 5 * a) * outer + 8 * a) * outer - 4 * a;
  const vec2 near = ((a + 2) * inner - (a + 3)) * inner * inner + 1;
  return vec4(far.x, near.x, near.y, far.y);
}

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, uBlock.size.xyz))) {
    return;
  }
  const vkf_Position x = vkf_position(
      pos.x, uBlock.start_whole.x, uBlock.start_part.x, uBlock.step_whole.x, uBlock.step_part.x);
  const vkf_Position y = vkf_position(
      pos.y, uBlock.start_whole.y, uBlock.start_part.y, uBlock.step_whole.y, uBlock.step_part.y);
  const vec4 across = weights(x.fraction);
  const vec4 down = weights(y.fraction);
  vec4 result = vec4(0);
  for (int j = 0; j < 4; ++j) {
    vec4 row = vec4(0);
    for (int i = 0; i < 4; ++i) {
      const ivec2 tap = clamp(ivec2(x.whole + i, y.whole + j) - 1, ivec2(0), uBlock.last);
      row += across[i] * texelFetch(uInput, ivec3(tap, pos.z), 0);
    }
    result += down[j] * row;
  }
  imageStore(uOutput, pos, result);
}
