#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uLargest;
layout(set = 0, binding = 1, FORMAT) uniform PRECISION restrict writeonly image3D   uSum;
layout(set = 0, binding = 2)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 3)         uniform PRECISION restrict           Block {
  ivec4 size;      // of the outputs: a plane for each line of planes
  ivec4 planes;    // count, stride and factor, see vkf_reduce.h
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#define VKF_TOGETHER 0
#include "vkf_layout.h"
#include "vkf_reduce.h"

float vkf_value(const ivec2 at, const int plane) {
  return texelFetch(uInput, ivec3(at, plane / 4), 0)[plane % 4];
}

// The largest value along each line of planes, and the sum of the exponentials of what the others differ from it.
void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (!vkf_has_unit(pos, uBlock.size)) {
    return;
  }
  const int count = uBlock.planes.x + VKF_NONE;
  vec4 largest = vec4(0);
  vec4 sum = vec4(0);
  for (int lane = 0; lane < 4 && pos.z * 4 + lane < vkf_planes(uBlock.size); ++lane) {
    const int begin = (pos.z * 4 + lane) * uBlock.planes.z;
    vec4 most = vec4(-VKF_INFINITY);
    for (int i = 0; i < count; ++i) {
      most = vkf_larger(most, vec4(vkf_value(pos.xy, begin + i * uBlock.planes.y)));
    }
    float total = 0;
    for (int i = 0; i < count; ++i) {
      total += exp(vkf_value(pos.xy, begin + i * uBlock.planes.y) - most.x);
    }
    largest[lane] = most.x;
    sum[lane] = total;
  }
  imageStore(uLargest, pos, largest);
  imageStore(uSum, pos, sum);
}
