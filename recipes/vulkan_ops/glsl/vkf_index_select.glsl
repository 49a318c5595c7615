#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

// Slices of the input in the order of a list of numbers, which is a tensor of one dimension.
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

int index_at(const int place) {
  return int(texelFetch(uIndex, ivec3(place, 0, 0), 0).x + 0.5);
}

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  const int planes = vkf_planes(uBlock.size);
  const int axis = uBlock.axis + VKF_NONE;
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (planes + 3) / 4)))) {
    return;
  }
  if (axis < 2) {
    const ivec3 from = axis == 0 ? ivec3(index_at(pos.x), pos.yz) : ivec3(pos.x, index_at(pos.y), pos.z);
    imageStore(uOutput, pos, vkf_mask(texelFetch(uInput, from, 0), pos, uBlock.size));
    return;
  }
  vec4 result = vec4(0);
  for (int lane = 0; lane < 4; ++lane) {
    if (pos.z * 4 + lane < planes) {
      ivec4 from = vkf_element(pos, lane, uBlock.size);
      if (axis == 2) {
        from.z = index_at(from.z);
      } else {
        from.w = index_at(from.w);
      }
      result[lane] = VKF_FETCH(uInput, from, uBlock.isize);
    }
  }
  imageStore(uOutput, pos, result);
}
