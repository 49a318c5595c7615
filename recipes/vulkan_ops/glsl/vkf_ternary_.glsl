#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict image3D uOutput;
layout(set = 0, binding = 1) uniform PRECISION sampler3D uB;
layout(set = 0, binding = 2) uniform PRECISION sampler3D uC;
layout(set = 0, binding = 3) uniform PRECISION restrict Block {
  ivec4 size;    // of the output
  ivec4 a_size;
  ivec4 b_size;
  ivec4 c_size;
  vec4 value;    // of operands that are numbers
  float alpha;
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"
#include "vkf_ternary.h"

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (vkf_planes(uBlock.size) + 3) / 4)))) {
    return;
  }
  const vec4 a = imageLoad(uOutput, pos);
  vec4 b;
  VKF_LOAD(b, uB, VKF_B, uBlock.b_size, uBlock.value.y, pos, uBlock.size);
  vec4 c;
  VKF_LOAD(c, uC, VKF_C, uBlock.c_size, uBlock.value.z, pos, uBlock.size);
  imageStore(uOutput, pos, vkf_mask(vkf_ternary(a, b, c, uBlock.alpha), pos, uBlock.size));
}
