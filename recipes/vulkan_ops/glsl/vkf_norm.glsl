#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION                    sampler3D uParams;
layout(set = 0, binding = 3)         uniform PRECISION restrict           Block {
  ivec4 size;      // of input and output
  int depth;       // of the parameters, in texels; they repeat
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"

// (input - mean) * scale + shift, the three for each plane from vkf_norm_params.glsl or from the host.
void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (vkf_planes(uBlock.size) + 3) / 4)))) {
    return;
  }
  const int z = pos.z % uBlock.depth;
  const vec4 mean = texelFetch(uParams, ivec3(0, 0, z), 0);
  const vec4 scale = texelFetch(uParams, ivec3(1, 0, z), 0);
  const vec4 shift = texelFetch(uParams, ivec3(2, 0, z), 0);
  const vec4 result = (texelFetch(uInput, pos, 0) - mean) * scale + shift;
  imageStore(uOutput, pos, vkf_mask(result, pos, uBlock.size));
}
