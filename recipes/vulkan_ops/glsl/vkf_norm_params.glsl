#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uMean;
layout(set = 0, binding = 2)         uniform PRECISION                    sampler3D uVariance;
layout(set = 0, binding = 3)         uniform PRECISION                    sampler3D uWeight;
layout(set = 0, binding = 4)         uniform PRECISION                    sampler3D uBias;
layout(set = 0, binding = 5)         uniform PRECISION restrict           Block {
  ivec4 size;      // of the output: 3 columns; as many rows as have a mean of their own; planes
  ivec4 msize;     // of mean and variance: of each row and group
  ivec4 wsize;     // of the weight: one for each channel
  ivec4 bsize;     // of the bias
  int divisor;     // plane p belongs to group p / divisor % groups
  int groups;
  int channels;    // and to channel p % channels
  int affine;      // 1: there is a weight, 2: a bias
  float epsilon;
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"
#include "vkf_linear.h"

#define VKF_FETCH_AT(image, number, size) VKF_FETCH(image, vkf_element_at(number, size), size)

// What vkf_norm.glsl takes from its input, multiplies it by, and adds to it: in columns 0, 1 and 2.
void main() {
  const ivec3 pos = ivec3(0, gl_GlobalInvocationID.yz);
  if (gl_GlobalInvocationID.x > 0u || pos.y >= uBlock.size.y || pos.z * 4 >= vkf_planes(uBlock.size)) {
    return;
  }
  const int affine = uBlock.affine + VKF_NONE;
  vec4 mean = vec4(0);
  vec4 scale = vec4(0);
  vec4 shift = vec4(0);
  for (int lane = 0; lane < 4 && pos.z * 4 + lane < vkf_planes(uBlock.size); ++lane) {
    const int plane = pos.z * 4 + lane;
    const int from = plane / uBlock.divisor % uBlock.groups * uBlock.size.y + pos.y;
    const int channel = plane % uBlock.channels;
    mean[lane] = VKF_FETCH_AT(uMean, from, uBlock.msize);
    scale[lane] = 1 / sqrt(VKF_FETCH_AT(uVariance, from, uBlock.msize) + uBlock.epsilon);
    if ((affine & 1) != 0) {
      scale[lane] *= VKF_FETCH_AT(uWeight, channel, uBlock.wsize);
    }
    if ((affine & 2) != 0) {
      shift[lane] = VKF_FETCH_AT(uBias, channel, uBlock.bsize);
    }
  }
  imageStore(uOutput, pos, mean);
  imageStore(uOutput, pos + ivec3(1, 0, 0), scale);
  imageStore(uOutput, pos + ivec3(2, 0, 0), shift);
}
