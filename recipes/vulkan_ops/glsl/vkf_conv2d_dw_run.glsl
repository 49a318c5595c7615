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

// A depthwise convolution, four outputs side by side in each invocation: they share the weights, and where the stride
// is the dilation, each texel of the input serves several of them.
void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  const int none = min(pos.x, 0); // 0; see vkf_convolution.h
  const int x0 = pos.x * 4;
  if (any(greaterThanEqual(ivec3(x0, pos.yz), uBlock.size.xyz))) {
    return;
  }
  const int image = pos.z / uBlock.texels.y;
  const int oz = pos.z - image * uBlock.texels.y;

  // The taps that lie inside the input, of a column that does so for any of the four.
  const ivec2 ipos = ivec2(x0, pos.y) * uBlock.stride - uBlock.padding;
  const int width = uBlock.kernel.z;
  const int ky_begin = (max(0, -ipos.y) + uBlock.dilate.y - 1) / uBlock.dilate.y;
  const int ky_end = min(uBlock.ikernel.y, (max(0, uBlock.kernel.w - ipos.y) + uBlock.dilate.y - 1) / uBlock.dilate.y);
  const int kx_begin = (max(0, -ipos.x - 3 * uBlock.stride.x) + uBlock.dilate.x - 1) / uBlock.dilate.x;
  const int kx_end = min(uBlock.ikernel.x, (max(0, width - ipos.x) + uBlock.dilate.x - 1) / uBlock.dilate.x);

  vec4 sum0 = texelFetch(uBias, ivec3(oz, 0, 0), 0);
  vec4 sum1 = sum0;
  vec4 sum2 = sum0;
  vec4 sum3 = sum0;

  for (int ky = ky_begin; ky < ky_end; ++ky) {
    const int y = ipos.y + ky * uBlock.dilate.y;
    int x = ipos.x + kx_begin * uBlock.dilate.x;
    if (uBlock.stride.x + none == uBlock.dilate.x) {
      // What one output reads at a tap, the next one has read at the tap before.
      vec4 in0 = VKF_IN_ROW(uInput, x, y, pos.z, width);
      vec4 in1 = VKF_IN_ROW(uInput, x + uBlock.stride.x, y, pos.z, width);
      vec4 in2 = VKF_IN_ROW(uInput, x + 2 * uBlock.stride.x, y, pos.z, width);
      for (int kx = kx_begin; kx < kx_end; ++kx, x += uBlock.dilate.x) {
        const vec4 weight = texelFetch(uKernel, ivec3(ky * uBlock.ikernel.x + kx, oz, 0), 0);
        const vec4 in3 = VKF_IN_ROW(uInput, x + 3 * uBlock.stride.x, y, pos.z, width);
        sum0 = fma(in0, weight, sum0);
        sum1 = fma(in1, weight, sum1);
        sum2 = fma(in2, weight, sum2);
        sum3 = fma(in3, weight, sum3);
        in0 = in1;
        in1 = in2;
        in2 = in3;
      }
    } else {
      for (int kx = kx_begin; kx < kx_end; ++kx, x += uBlock.dilate.x) {
        const vec4 weight = texelFetch(uKernel, ivec3(ky * uBlock.ikernel.x + kx, oz, 0), 0);
        const vec4 in0 = VKF_IN_ROW(uInput, x, y, pos.z, width);
        const vec4 in1 = VKF_IN_ROW(uInput, x + uBlock.stride.x, y, pos.z, width);
        const vec4 in2 = VKF_IN_ROW(uInput, x + 2 * uBlock.stride.x, y, pos.z, width);
        const vec4 in3 = VKF_IN_ROW(uInput, x + 3 * uBlock.stride.x, y, pos.z, width);
        sum0 = fma(in0, weight, sum0);
        sum1 = fma(in1, weight, sum1);
        sum2 = fma(in2, weight, sum2);
        sum3 = fma(in3, weight, sum3);
      }
    }
  }

  imageStore(uOutput, ivec3(x0, pos.yz), vkf_convolved(sum0, uBlock.clamp, oz * 4, uBlock.groups.x));
  if (x0 + 1 < uBlock.size.x) {
    imageStore(uOutput, ivec3(x0 + 1, pos.yz), vkf_convolved(sum1, uBlock.clamp, oz * 4, uBlock.groups.x));
  }
  if (x0 + 2 < uBlock.size.x) {
    imageStore(uOutput, ivec3(x0 + 2, pos.yz), vkf_convolved(sum2, uBlock.clamp, oz * 4, uBlock.groups.x));
  }
  if (x0 + 3 < uBlock.size.x) {
    imageStore(uOutput, ivec3(x0 + 3, pos.yz), vkf_convolved(sum3, uBlock.clamp, oz * 4, uBlock.groups.x));
  }
}
