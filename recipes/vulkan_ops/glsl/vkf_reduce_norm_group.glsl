#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;

layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;       // of the result, with all dimensions kept
  ivec2 span;       // columns and rows that are reduced to one
  int width;        // see VKF_STORE
  ivec4 planes;     // count, stride and factor, see vkf_reduce.h
  int load;         // 1: vkf_load() what is read
  int finish;       // 1: vkf_finish() what is written
  float number;
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#define VKF_TOGETHER 1
#include "vkf_layout.h"
#include "vkf_reduce.h"

#define VKF_IDENTITY 0
#define vkf_combine(a, b) ((a) + (b))

/// "number" is p: the norm is the p-th root of the sum of the p-th powers of what is reduced.
vec4 vkf_load(const vec4 value) {
  const float number = uBlock.number + float(VKF_NONE);
  if (number == 2) {
    return value * value;
  }
  if (number == 1) {
    return abs(value);
  }
  if (number == 0) {
    // Any value but 0 counts, NaN too.
    return mix(vec4(1), vec4(0), equal(value, vec4(0)));
  }
  return pow(abs(value), vec4(uBlock.number));
}

vec4 vkf_finish(const vec4 value) {
  const float number = uBlock.number + float(VKF_NONE);
  if (number == 2) {
    return sqrt(value);
  }
  return number == 1 || number == 0 ? value : pow(value, vec4(1 / uBlock.number));
}

#include "vkf_reduce_main.h"
