#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;      // of input and output
  int axis;        // along which it goes: 0: x, 1: y, 2: z, over the planes of one batch
  int count;       // texels along it
  int logarithm;   // 1: log_softmax
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#define VKF_TOGETHER 0
#include "vkf_layout.h"
#include "vkf_reduce.h"
#include "vkf_softmax_main.h"
