#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION                    sampler3D uGrid;
layout(set = 0, binding = 3)         uniform PRECISION restrict           Block {
  ivec4 size;          // of the output
  ivec4 isize;         // of the input
  ivec4 gsize;         // of the grid: (2, w, h, n)
  int interpolation;   // 0: bilinear, 1: nearest, 2: bicubic
  int padding;         // 0: zeros, 1: border, 2: reflection
  int align_corners;
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#include "vkf_layout.h"
#include "vkf_lanes.h"

/// From -1..1 to texels.
vec2 denormalized(const vec2 at) {
  const vec2 size = vec2(uBlock.isize.xy);
  return uBlock.align_corners + VKF_NONE != 0 ? (at + 1) / 2 * (size - 1) : ((at + 1) * size - 1) / 2;
}

/// Mirrors a coordinate between 0 and last, or between the outer borders of the texels 0 and last.
float reflected(const float at, const int last) {
  const float low = uBlock.align_corners + VKF_NONE != 0 ? 0.0 : -0.5;
  const float span = uBlock.align_corners + VKF_NONE != 0 ? float(last) : float(last + 1);
  if (span == 0) {
    return 0;
  }
  const float from_low = abs(at - low);
  const float rounds = floor(from_low / span);
  const float rest = from_low - rounds * span;
  return mod(rounds, 2.0) < 0.5 ? low + rest : low + span - rest;
}

vec2 padded(const vec2 at) {
  const ivec2 last = uBlock.isize.xy - 1;
  if (uBlock.padding + VKF_NONE == 0) {
    return at;
  }
  const vec2 inner = uBlock.padding + VKF_NONE == 1 ? at : vec2(reflected(at.x, last.x), reflected(at.y, last.y));
  return clamp(inner, vec2(0), vec2(last));
}

/// One element of a plane; 0 outside.
float tap(const vec2 at, const ivec4 to) {
  // As floats, since what is far outside has no integer.
  if (!(all(greaterThanEqual(at, vec2(0))) && all(lessThan(at, vec2(uBlock.isize.xy))))) {
    return 0;
  }
  const ivec4 from = ivec4(ivec2(at), to.zw);
  return VKF_FETCH(uInput, from, uBlock.isize);
}

vec4 cubic(const float t) {
  const float a = -0.75;
  const vec2 outer = vec2(t + 1, 2 - t);
  const vec2 inner = vec2(t, 1 - t);
  const vec2 far = ((a * outer - 5 * a) * outer + 8 * a) * outer - 4 * a;
  const vec2 near = ((a + 2) * inner - (a + 3)) * inner * inner + 1;
  return vec4(far.x, near.x, near.y, far.y);
}

float sampled(const vec2 at, const ivec4 to) {
  if (uBlock.interpolation + VKF_NONE == 1) {
    return tap(roundEven(padded(at)), to);
  }
  if (uBlock.interpolation + VKF_NONE == 0) {
    const vec2 inner = padded(at);
    const vec2 low = floor(inner);
    const vec2 f = inner - low;
    return (1 - f.y) * ((1 - f.x) * tap(low, to) + f.x * tap(low + vec2(1, 0), to)) +
        f.y * ((1 - f.x) * tap(low + vec2(0, 1), to) + f.x * tap(low + vec2(1, 1), to));
  }
  const vec2 low = floor(at);
  const vec4 across = cubic(at.x - low.x);
  const vec4 down = cubic(at.y - low.y);
  float sum = 0;
  for (int j = 0; j < 4; ++j) {
    float row = 0;
    for (int i = 0; i < 4; ++i) {
      row += across[i] * tap(padded(low + vec2(i - 1, j - 1)), to);
    }
    sum += down[j] * row;
  }
  return sum;
}

float element(const ivec4 at) {
  const ivec4 x = ivec4(0, at.x, at.y, at.w);
  const ivec4 y = ivec4(1, at.x, at.y, at.w);
  return sampled(denormalized(vec2(VKF_FETCH(uGrid, x, uBlock.gsize), VKF_FETCH(uGrid, y, uBlock.gsize))), at);
}

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, ivec3(uBlock.size.xy, (vkf_planes(uBlock.size) + 3) / 4)))) {
    return;
  }
  const ivec4 at[4] = vkf_elements(pos, uBlock.size);
  const vec4 result = vec4(element(at[0]), element(at[1]), element(at[2]), element(at[3]));
  imageStore(uOutput, pos, vkf_mask(result, pos, uBlock.size));
}
