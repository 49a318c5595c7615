#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

// Each element of the output is one element of the input, whose position is an affine function of its own:
// permute, select, slice, expand, repeat, flip and roll.
layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;   // of the output
  ivec4 isize;  // of the input
  ivec4 base;   // where the output's first element comes from
  ivec4 stepW;  // how that position moves with each dimension of the output
  ivec4 stepH;
  ivec4 stepC;
  ivec4 stepN;
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;
layout(constant_id = 3) const int VKF_WRAP = 0; // 1: positions count modulo isize

#include "vkf_layout.h"

float value_at(const ivec4 position) {
  ivec4 from = position;
  if (VKF_WRAP != 0) {
    from = from % uBlock.isize;
  }
  const int plane = vkf_plane(from, uBlock.isize);
  const vec4 texel = texelFetch(uInput, ivec3(from.xy, plane >> 2), 0);
  // Quicker than an index that is not known when the shader is compiled.
  const int lane = plane & 3;
  return lane < 2 ? (lane == 0 ? texel.x : texel.y) : (lane == 2 ? texel.z : texel.w);
}

ivec2 next_plane(const ivec2 plane) {
  return plane.x + 1 < uBlock.size.z ? ivec2(plane.x + 1, plane.y) : ivec2(0, plane.y + 1);
}

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  const int planes = vkf_planes(uBlock.size);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (planes + 3) / 4)))) {
    return;
  }
  const ivec4 start = uBlock.base + pos.x * uBlock.stepW + pos.y * uBlock.stepH;
  const int lanes = planes - pos.z * 4;
  ivec2 plane = vkf_element(pos, 0, uBlock.size).zw;
  vec4 result = vec4(0);
  result.x = value_at(start + plane.x * uBlock.stepC + plane.y * uBlock.stepN);
  if (lanes > 1) {
    plane = next_plane(plane);
    result.y = value_at(start + plane.x * uBlock.stepC + plane.y * uBlock.stepN);
  }
  if (lanes > 2) {
    plane = next_plane(plane);
    result.z = value_at(start + plane.x * uBlock.stepC + plane.y * uBlock.stepN);
  }
  if (lanes > 3) {
    plane = next_plane(plane);
    result.w = value_at(start + plane.x * uBlock.stepC + plane.y * uBlock.stepN);
  }
  imageStore(uOutput, pos, result);
}
