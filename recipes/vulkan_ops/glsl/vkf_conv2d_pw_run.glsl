#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION                    sampler3D uKernel;
layout(set = 0, binding = 3)         uniform PRECISION                    sampler3D uBias;
layout(set = 0, binding = 4)         uniform PRECISION restrict           Block {
  ivec4 size;
  ivec4 kernel;
  ivec2 ikernel;
  ivec2 stride;
  ivec2 padding;
  ivec2 dilate;
  vec2 clamp;
  ivec2 texels; // of one image along z: of the input, of the output
  ivec4 groups; // output channels, those of a group, input channels of a group, unused
  ivec2 step;   // from a tap that an output of a transposed convolution takes part in to the next one
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_convolution.h"

// A pointwise convolution without padding, four outputs in each invocation, which share the weights. Outputs are
// counted along the rows, one row behind the other: an invocation for each of a block of four takes every fourth of 16,
// so that neighbours read what lies side by side and no row's end leaves an invocation with less to do.
void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  const int none = min(pos.x, 0); // 0; see vkf_convolution.h
  const int outputs = uBlock.size.x * uBlock.size.y;
  const ivec4 o = pos.x / 4 * 16 + pos.x % 4 + ivec4(0, 4, 8, 12);
  if (o.x >= outputs || pos.y > 0 || pos.z >= uBlock.size.z) {
    return;
  }
  const int image = pos.z / uBlock.texels.y;
  const int oz = pos.z - image * uBlock.texels.y;
  const int iz = image * uBlock.texels.x;

  // What is read for those beyond the last one is not stored.
  const ivec4 at = min(o, outputs - 1);
  const ivec4 y = at / uBlock.size.x;
  const ivec4 x = at - y * uBlock.size.x;
  const ivec4 ix = x * uBlock.stride.x;
  const ivec4 iy = y * uBlock.stride.y;

  vec4 sum0 = texelFetch(uBias, ivec3(oz, 0, 0), 0);
  vec4 sum1 = sum0;
  vec4 sum2 = sum0;
  vec4 sum3 = sum0;

  for (int kx4 = 0, z = iz; kx4 < uBlock.size.w + none; kx4 += 4, ++z) {
        const vec4 weight_x = texelFetch(uKernel, ivec3(kx4, 0, oz), 0);
        const vec4 weight_y = texelFetch(uKernel, ivec3(kx4 + 1, 0, oz), 0);
        const vec4 weight_z = texelFetch(uKernel, ivec3(kx4 + 2, 0, oz), 0);
        const vec4 weight_w = texelFetch(uKernel, ivec3(kx4 + 3, 0, oz), 0);
    const vec4 in0 = texelFetch(uInput, ivec3(ix.x, iy.x, z), 0);
    const vec4 in1 = texelFetch(uInput, ivec3(ix.y, iy.y, z), 0);
    const vec4 in2 = texelFetch(uInput, ivec3(ix.z, iy.z, z), 0);
    const vec4 in3 = texelFetch(uInput, ivec3(ix.w, iy.w, z), 0);
    VKF_ADD(sum0, in0);
    VKF_ADD(sum1, in1);
    VKF_ADD(sum2, in2);
    VKF_ADD(sum3, in3);
  }

  imageStore(uOutput, ivec3(x.x, y.x, pos.z), vkf_convolved(sum0, uBlock.clamp, oz * 4, uBlock.groups.x));
  if (o.y < outputs) {
    imageStore(uOutput, ivec3(x.y, y.y, pos.z), vkf_convolved(sum1, uBlock.clamp, oz * 4, uBlock.groups.x));
  }
  if (o.z < outputs) {
    imageStore(uOutput, ivec3(x.z, y.z, pos.z), vkf_convolved(sum2, uBlock.clamp, oz * 4, uBlock.groups.x));
  }
  if (o.w < outputs) {
    imageStore(uOutput, ivec3(x.w, y.w, pos.z), vkf_convolved(sum3, uBlock.clamp, oz * 4, uBlock.groups.x));
  }
}
