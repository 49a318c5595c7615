#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

// Up to four tensors of one plane each, put into one texel.
layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput0;
layout(set = 0, binding = 2)         uniform PRECISION                    sampler3D uInput1;
layout(set = 0, binding = 3)         uniform PRECISION                    sampler3D uInput2;
layout(set = 0, binding = 4)         uniform PRECISION                    sampler3D uInput3;
layout(set = 0, binding = 5)         uniform PRECISION restrict           Block {
  ivec4 size;  // of the output
  int z;
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"

void main() {
  const ivec3 from = ivec3(gl_GlobalInvocationID);
  if (all(lessThan(from, ivec3(uBlock.size.xy, 1)))) {
    const vec4 texel = vec4(
        texelFetch(uInput0, from, 0).x,
        texelFetch(uInput1, from, 0).x,
        texelFetch(uInput2, from, 0).x,
        texelFetch(uInput3, from, 0).x);
    const ivec3 pos = ivec3(from.xy, uBlock.z);
    imageStore(uOutput, pos, vkf_mask(texel, pos, uBlock.size));
  }
}
