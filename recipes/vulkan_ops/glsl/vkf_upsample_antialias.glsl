#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;         // xyz: extents of the output
  ivec2 last;         // last index of the input, in x and y
  ivec2 start_whole;  // middle of the output's first texel in the input
  ivec2 step_whole;   // distance in the input between neighbours in the output
  uvec2 start_part;
  uvec2 step_part;
  vec2 support;       // how far the filter reaches
  vec2 inverse;       // from the input's texels to the filter's unit
  int cubic;          // 0: triangle, 1: cubic convolution with A = -0.5
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"
#include "vkf_resample.h"

float weight(const float at) {
  const float x = abs(at);
  if (uBlock.cubic + VKF_NONE == 0) {
    return max(1 - x, 0);
  }
  const float a = -0.5;
  return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/// First and last tap of a filter around a position.
ivec2 taps(const vkf_Position center, const float support, const int last) {
  return ivec2(
      max(center.whole + int(floor(center.fraction - support + 0.5)), 0),
      min(center.whole + int(floor(center.fraction + support + 0.5)) - 1, last));
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
  const ivec2 across = taps(x, uBlock.support.x, uBlock.last.x);
  const ivec2 down = taps(y, uBlock.support.y, uBlock.last.y);

  vec4 sum = vec4(0);
  vec2 total = vec2(0);
  for (int j = down.x; j <= down.y; ++j) {
    vec4 row = vec4(0);
    total.x = 0;
    for (int i = across.x; i <= across.y; ++i) {
      const float w = weight((float(i - x.whole) - x.fraction + 0.5) * uBlock.inverse.x);
      row += w * texelFetch(uInput, ivec3(i, j, pos.z), 0);
      total.x += w;
    }
    const float w = weight((float(j - y.whole) - y.fraction + 0.5) * uBlock.inverse.y);
    sum += w * row;
    total.y += w;
  }
  imageStore(uOutput, pos, sum / (total.x * total.y));
}
