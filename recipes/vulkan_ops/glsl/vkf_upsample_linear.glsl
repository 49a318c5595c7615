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

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, uBlock.size.xyz))) {
    return;
  }
  const vkf_Position x = vkf_position(
      pos.x, uBlock.start_whole.x, uBlock.start_part.x, uBlock.step_whole.x, uBlock.step_part.x);
  const vkf_Position y = vkf_position(
      pos.y, uBlock.start_whole.y, uBlock.start_part.y, uBlock.step_whole.y, uBlock.step_part.y);
  const ivec2 whole = ivec2(x.whole, y.whole);
  const ivec2 low = clamp(whole, ivec2(0), uBlock.last);
  const ivec2 high = clamp(whole + 1, ivec2(0), uBlock.last);
  const vec4 top = mix(
      texelFetch(uInput, ivec3(low.x, low.y, pos.z), 0),
      texelFetch(uInput, ivec3(high.x, low.y, pos.z), 0),
      x.fraction);
  const vec4 bottom = mix(
      texelFetch(uInput, ivec3(low.x, high.y, pos.z), 0),
      texelFetch(uInput, ivec3(high.x, high.y, pos.z), 0),
      x.fraction);
  imageStore(uOutput, pos, mix(top, bottom, y.fraction));
}
