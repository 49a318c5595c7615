#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;    // of the output
  ivec4 isize;   // of the input
  ivec4 before;  // elements added before the input's first, in each dimension; none in the last two
  float value;
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"

// For planes that stay where they are: padding along width and height, and of the batch behind its end.
void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (vkf_planes(uBlock.size) + 3) / 4)))) {
    return;
  }
  const ivec2 from = pos.xy - uBlock.before.xy;
  const bool inside = all(greaterThanEqual(from, ivec2(0))) && all(lessThan(from, uBlock.isize.xy)) &&
      pos.z * 4 < vkf_planes(uBlock.isize);
  const vec4 texel = texelFetch(uInput, inside ? ivec3(from, pos.z) : ivec3(0), 0);
  const bvec4 copied = inside ? vkf_lanes(pos, uBlock.isize) : bvec4(false);
  imageStore(uOutput, pos, vkf_mask(mix(vec4(uBlock.value), texel, copied), pos, uBlock.size));
}
