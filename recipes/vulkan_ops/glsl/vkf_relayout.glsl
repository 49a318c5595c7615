#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;    // of the output
  ivec4 isize;   // of the input, which has as many elements
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"
#include "vkf_linear.h"

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (vkf_planes(uBlock.size) + 3) / 4)))) {
    return;
  }
  vec4 result = vec4(0);
  for (int lane = 0; lane < 4 && pos.z * 4 + lane < vkf_planes(uBlock.size); ++lane) {
    const int number = vkf_number(vkf_element(pos, lane, uBlock.size), uBlock.size);
    const ivec4 from = vkf_element_at(number, uBlock.isize);
    result[lane] = VKF_FETCH(uInput, from, uBlock.isize);
  }
  imageStore(uOutput, pos, result);
}
