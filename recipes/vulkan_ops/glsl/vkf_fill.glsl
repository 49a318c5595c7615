#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION restrict           Block {
  ivec4 size;
  float value;
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (all(lessThan(pos, ivec3(uBlock.size.xy, (vkf_planes(uBlock.size) + 3) / 4)))) {
    imageStore(uOutput, pos, vkf_mask(vec4(uBlock.value), pos, uBlock.size));
  }
}
