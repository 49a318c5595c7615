#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

// vkf_affine where the four lanes of each texel come from one texel, in the same order.
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

#include "vkf_layout.h"

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (vkf_planes(uBlock.size) + 3) / 4)))) {
    return;
  }
  const ivec4 element = vkf_element(pos, 0, uBlock.size);
  const ivec4 from = uBlock.base + pos.x * uBlock.stepW + pos.y * uBlock.stepH + element.z * uBlock.stepC +
      element.w * uBlock.stepN;
  const vec4 texel = texelFetch(uInput, ivec3(from.xy, vkf_plane(from, uBlock.isize) / 4), 0);
  imageStore(uOutput, pos, vkf_mask(texel, pos, uBlock.size));
}
