#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

// Each element of the output is the element of the input at its own position, but for one dimension, in which
// a tensor of the output's shape tells the position.
layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform highp                        sampler3D uIndex;
layout(set = 0, binding = 3)         uniform PRECISION restrict           Block {
  ivec4 size;   // of the output
  ivec4 isize;  // of the input
  int axis;
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  const int planes = vkf_planes(uBlock.size);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (planes + 3) / 4)))) {
    return;
  }
  const ivec4 indices = ivec4(texelFetch(uIndex, pos, 0) + 0.5);
  vec4 result = vec4(0);
  for (int lane = 0; lane < 4; ++lane) {
    if (pos.z * 4 + lane < planes) {
      const ivec4 element = vkf_element(pos, lane, uBlock.size);
      const ivec4 from = ivec4(
          uBlock.axis == 0 ? indices[lane] : element.x,
          uBlock.axis == 1 ? indices[lane] : element.y,
          uBlock.axis == 2 ? indices[lane] : element.z,
          uBlock.axis == 3 ? indices[lane] : element.w);
      result[lane] = VKF_FETCH(uInput, from, uBlock.isize);
    }
  }
  imageStore(uOutput, pos, result);
}
