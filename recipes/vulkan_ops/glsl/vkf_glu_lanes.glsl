#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;  // of the output
  int gate;    // from a plane to the one that gates it
  int run;     // planes until the input's next planes are gates; they are skipped
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"

float plane(const ivec2 at, const int z) {
  return texelFetch(uInput, ivec3(at, z / 4), 0)[z % 4];
}

vec4 planes(const ivec2 at, const ivec4 z) {
  return vec4(plane(at, z.x), plane(at, z.y), plane(at, z.z), plane(at, z.w));
}

// For halves of channels or batches that begin within texels.
void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (vkf_planes(uBlock.size) + 3) / 4)))) {
    return;
  }
  const ivec4 to = min(pos.z * 4 + ivec4(0, 1, 2, 3), vkf_planes(uBlock.size) - 1);
  const ivec4 from = to + to / uBlock.run * uBlock.gate;
  const vec4 value = planes(pos.xy, from);
  const vec4 gate = planes(pos.xy, from + uBlock.gate);
  imageStore(uOutput, pos, vkf_mask(value / (1 + exp(-gate)), pos, uBlock.size));
}
