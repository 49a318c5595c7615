#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uMean;
layout(set = 0, binding = 1, FORMAT) uniform PRECISION restrict writeonly image3D   uVariance;
layout(set = 0, binding = 2)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 3)         uniform PRECISION restrict           Block {
  ivec4 size;      // of the results, with all dimensions kept; the planes are those of the input
  ivec2 span;      // columns and rows that are reduced to one
  int width;       // see VKF_STORE
  float count;     // of the elements that are reduced to one
  float factor;    // of the variance: 1, or count / (count - correction)
  int root;        // 1: the root of it
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#define VKF_TOGETHER 1
#include "vkf_layout.h"
#include "vkf_reduce.h"
#include "vkf_moments_main.h"
