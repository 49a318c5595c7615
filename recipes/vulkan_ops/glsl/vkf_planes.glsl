#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

// A run of consecutive planes of the input, put into the output from any plane on. Runs must be put in the order
// of their planes: the lanes before "begin" are kept, those after "end" are left 0.
layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict           image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;  // width, height, and the number of texels in z of the run; the input's texels in z
  int begin;   // the run's first plane in the output
  int end;     // the plane after its last one
  int from;    // its first plane in the input
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"

void main() {
  const ivec3 place = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(place, uBlock.size.xyz))) {
    return;
  }
  const ivec3 pos = place + ivec3(0, 0, uBlock.begin / 4);
  const ivec4 planes = pos.z * 4 + ivec4(0, 1, 2, 3);
  // The plane that lane 0 would come from; before the run's first one, it may be negative.
  const int source = uBlock.from + planes.x - uBlock.begin;
  const int z = source >> 2;
  const int shift = source & 3;
  const vec4 a = texelFetch(uInput, ivec3(pos.xy, max(z, 0)), 0);
  const vec4 b = texelFetch(uInput, ivec3(pos.xy, min(z + 1, uBlock.size.w - 1)), 0);
  vec4 result = shift < 2 ? (shift == 0 ? a : vec4(a.yzw, b.x)) : (shift == 2 ? vec4(a.zw, b.xy) : vec4(a.w, b.xyz));
  result = mix(vec4(0), result, lessThan(planes, ivec4(uBlock.end)));
  if (planes.x < uBlock.begin) {
    result = mix(result, imageLoad(uOutput, pos), lessThan(planes, ivec4(uBlock.begin)));
  }
  imageStore(uOutput, pos, result);
}
