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

// A transposed convolution, four outputs of a row in each invocation: a stride apart, they take part in the same taps and
// share the weights. No texel has lanes of several groups.
void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  const int none = min(pos.x, 0); // 0; see vkf_convolution.h
  const int s = uBlock.stride.x;
  const int x0 = pos.x / s * 4 * s + pos.x % s;
  if (any(greaterThanEqual(ivec3(x0, pos.yz), uBlock.size.xyz))) {
    return;
  }
  const int image = pos.z / uBlock.texels.y;
  const int oz = pos.z - image * uBlock.texels.y;
  const int iz = image * uBlock.texels.x;
  const ivec2 ipos = ivec2(x0, pos.y) + uBlock.padding;
  const ivec2 back = uBlock.step * uBlock.dilate / uBlock.stride;
  const int width = uBlock.kernel.z;

  const ivec2 first_x =
      vkf_first_tap(ipos.x, s, uBlock.dilate.x, uBlock.step.x + none, back.x, width, uBlock.ikernel.x);
  const ivec2 first_y = vkf_first_tap(
      ipos.y, uBlock.stride.y, uBlock.dilate.y, uBlock.step.y + none, back.y, uBlock.kernel.w, uBlock.ikernel.y);

  // The input's texels that the group of this output texel takes its channels from.
  const int group = oz * 4 / uBlock.groups.y;
  const int begin4 = group * uBlock.groups.z / 4;
  const int end4 = ((group + 1) * uBlock.groups.z + 3) / 4;

  vec4 sum0 = texelFetch(uBias, ivec3(oz, 0, 0), 0);
  vec4 sum1 = sum0;
  vec4 sum2 = sum0;
  vec4 sum3 = sum0;

  for (int ky = first_y.x, y = first_y.y; ky < uBlock.ikernel.y + none && y >= 0; ky += uBlock.step.y, y -= back.y) {
    for (int kx = first_x.x, x = first_x.y; kx < uBlock.ikernel.x + none && x + 3 >= 0; kx += uBlock.step.x, x -= back.x) {
      const int k = ky * uBlock.ikernel.x + kx;
      for (int z4 = begin4, kx4 = 0; z4 < end4; ++z4, kx4 += 4) {
        const vec4 weight_x = texelFetch(uKernel, ivec3(kx4, k, oz), 0);
        const vec4 weight_y = texelFetch(uKernel, ivec3(kx4 + 1, k, oz), 0);
        const vec4 weight_z = texelFetch(uKernel, ivec3(kx4 + 2, k, oz), 0);
        const vec4 weight_w = texelFetch(uKernel, ivec3(kx4 + 3, k, oz), 0);
        const vec4 in0 = VKF_IN_ROW(uInput, x, y, iz + z4, width);
        const vec4 in1 = VKF_IN_ROW(uInput, x + 1, y, iz + z4, width);
        const vec4 in2 = VKF_IN_ROW(uInput, x + 2, y, iz + z4, width);
        const vec4 in3 = VKF_IN_ROW(uInput, x + 3, y, iz + z4, width);
        VKF_ADD(sum0, in0);
        VKF_ADD(sum1, in1);
        VKF_ADD(sum2, in2);
        VKF_ADD(sum3, in3);
      }
    }
  }

  imageStore(uOutput, ivec3(x0, pos.yz), vkf_convolved(sum0, uBlock.clamp, oz * 4, uBlock.groups.x));
  if (x0 + s < uBlock.size.x) {
    imageStore(uOutput, ivec3(x0 + s, pos.yz), vkf_convolved(sum1, uBlock.clamp, oz * 4, uBlock.groups.x));
  }
  if (x0 + 2 * s < uBlock.size.x) {
    imageStore(uOutput, ivec3(x0 + 2 * s, pos.yz), vkf_convolved(sum2, uBlock.clamp, oz * 4, uBlock.groups.x));
  }
  if (x0 + 3 * s < uBlock.size.x) {
    imageStore(uOutput, ivec3(x0 + 3 * s, pos.yz), vkf_convolved(sum3, uBlock.clamp, oz * 4, uBlock.groups.x));
  }
}
