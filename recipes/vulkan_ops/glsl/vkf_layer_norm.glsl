#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION                    sampler3D uParams;
layout(set = 0, binding = 3)         uniform PRECISION                    sampler3D uWeight;
layout(set = 0, binding = 4)         uniform PRECISION                    sampler3D uBias;
layout(set = 0, binding = 5)         uniform PRECISION restrict           Block {
  ivec4 size;      // of input and output
  ivec4 wsize;     // of weight and bias: 1 in each dimension in which they repeat
  int rows;        // of the parameters: 1 if they hold for all
  int affine;      // 1: there is a weight, 2: a bias
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"

#define VKF_AFFINE(image, pos)                                                                              \
  vkf_affine(                                                                                               \
      pos, texelFetch(image, vkf_affine_at(pos, 0), 0), texelFetch(image, vkf_affine_at(pos, 1), 0),        \
      texelFetch(image, vkf_affine_at(pos, 2), 0), texelFetch(image, vkf_affine_at(pos, 3), 0))

/// The texel of the weight for a lane.
ivec3 vkf_affine_at(const ivec3 pos, const int lane) {
  return ivec3(min(pos.xy, uBlock.wsize.xy - 1), (pos.z * 4 + lane) % uBlock.wsize.z / 4);
}

/// The weights for a texel, out of the texels that hold them.
vec4 vkf_affine(const ivec3 pos, const vec4 x, const vec4 y, const vec4 z, const vec4 w) {
  const ivec4 at = (pos.z * 4 + ivec4(0, 1, 2, 3)) % uBlock.wsize.z % 4;
  return vec4(x[at.x], y[at.y], z[at.z], w[at.w]);
}

/// The same where a texel of the weight holds those for a texel.
#define VKF_AFFINE_ALIGNED(image, pos) \
  texelFetch(image, ivec3(min((pos).xy, uBlock.wsize.xy - 1), (pos).z % (uBlock.wsize.z / 4)), 0)

#define VKF_AFFINE_SINGLE(image, pos) vec4(texelFetch(image, ivec3(min((pos).xy, uBlock.wsize.xy - 1), 0), 0).x)

// (input - mean) * scale, the two for each plane and row or each plane, then weight and bias for each element.
void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (vkf_planes(uBlock.size) + 3) / 4)))) {
    return;
  }
  const int y = min(pos.y, uBlock.rows - 1);
  const vec4 mean = texelFetch(uParams, ivec3(0, y, pos.z), 0);
  const vec4 scale = texelFetch(uParams, ivec3(1, y, pos.z), 0);
  vec4 result = (texelFetch(uInput, pos, 0) - mean) * scale;
  const int affine = uBlock.affine + VKF_NONE;
  const bool weight = (affine & 1) != 0;
  const bool bias = (affine & 2) != 0;
  const int planes = uBlock.wsize.z + VKF_NONE;
  if (planes == 1) {
    result *= weight ? VKF_AFFINE_SINGLE(uWeight, pos) : vec4(1);
    result += bias ? VKF_AFFINE_SINGLE(uBias, pos) : vec4(0);
  } else if (planes % 4 == 0) {
    result *= weight ? VKF_AFFINE_ALIGNED(uWeight, pos) : vec4(1);
    result += bias ? VKF_AFFINE_ALIGNED(uBias, pos) : vec4(0);
  } else {
    result *= weight ? VKF_AFFINE(uWeight, pos) : vec4(1);
    result += bias ? VKF_AFFINE(uBias, pos) : vec4(0);
  }
  imageStore(uOutput, pos, vkf_mask(result, pos, uBlock.size));
}
