#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;   // of the output
  ivec4 isize;  // of the input
  int factor;   // number of groups
  int axis;     // of the channels
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"
#include "vkf_lanes.h"

float element(const ivec4 at) {
  const int member = at[uBlock.axis] / uBlock.factor;
  const int group = at[uBlock.axis] - member * uBlock.factor;
  ivec4 from = at;
  from[uBlock.axis] = group * (uBlock.size[uBlock.axis] / uBlock.factor) + member;
  return VKF_FETCH(uInput, from, uBlock.isize);
}

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (vkf_planes(uBlock.size) + 3) / 4)))) {
    return;
  }
  const ivec4 at[4] = vkf_elements(pos, uBlock.size);
  const vec4 result = vec4(element(at[0]), element(at[1]), element(at[2]), element(at[3]));
  imageStore(uOutput, pos, vkf_mask(result, pos, uBlock.size));
}
