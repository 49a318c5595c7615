#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

// The same elements, in the same order, in another shape.
layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;   // of the output
  ivec4 isize;  // of the input
  ivec4 step;   // how far one plane of the output moves in the input: width, height, planes
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"

float value_at(const ivec3 from) {
  const vec4 texel = texelFetch(uInput, ivec3(from.xy, from.z >> 2), 0);
  const int lane = from.z & 3;
  return lane < 2 ? (lane == 0 ? texel.x : texel.y) : (lane == 2 ? texel.z : texel.w);
}

// One plane of the output further: an addition with carries, where divisions would be slow.
ivec3 next_plane(ivec3 from) {
  from += uBlock.step.xyz;
  if (from.x >= uBlock.isize.x) {
    from += ivec3(-uBlock.isize.x, 1, 0);
  }
  if (from.y >= uBlock.isize.y) {
    from += ivec3(0, -uBlock.isize.y, 1);
  }
  return from;
}

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  const int planes = vkf_planes(uBlock.size);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (planes + 3) / 4)))) {
    return;
  }
  const int number = (pos.z * 4 * uBlock.size.y + pos.y) * uBlock.size.x + pos.x;
  const int row = number / uBlock.isize.x;
  const int plane = row / uBlock.isize.y;
  ivec3 from = ivec3(number - row * uBlock.isize.x, row - plane * uBlock.isize.y, plane);
  const int lanes = planes - pos.z * 4;
  vec4 result = vec4(0);
  result.x = value_at(from);
  if (lanes > 1) {
    from = next_plane(from);
    result.y = value_at(from);
  }
  if (lanes > 2) {
    from = next_plane(from);
    result.z = value_at(from);
  }
  if (lanes > 3) {
    from = next_plane(from);
    result.w = value_at(from);
  }
  imageStore(uOutput, pos, result);
}
