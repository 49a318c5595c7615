#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uMean;
layout(set = 0, binding = 1, FORMAT) uniform PRECISION restrict writeonly image3D   uVariance;
layout(set = 0, binding = 2)         uniform PRECISION                    sampler3D uMeans;
layout(set = 0, binding = 3)         uniform PRECISION                    sampler3D uVariances;
layout(set = 0, binding = 4)         uniform PRECISION restrict           Block {
  ivec4 size;      // of the results, with all dimensions kept
  ivec4 planes;    // count, stride and factor, see vkf_reduce.h
  int width;       // see VKF_STORE
  int spread;      // 0: the inputs' planes are single elements, uVariances is not to be read
  float factor;    // of the variance: 1, or count / (count - correction)
  int root;        // 1: the root of it
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#define VKF_TOGETHER 1
#include "vkf_layout.h"
#include "vkf_reduce.h"
#include "vkf_moments_planes_main.h"
