#version 450 core
#define PRECISION $precision

layout(std430) buffer;

layout(set = 0, binding = 0) buffer  PRECISION restrict writeonly Buffer {
  int data[];
} uOutput;
layout(set = 0, binding = 1) uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2) uniform PRECISION restrict           Block {
  ivec4 isize;    // of the input
  ivec4 size;     // of the result, with all dimensions kept
  int axis;       // that is searched: 0 to 3, or 4 for all
  int count;      // of elements along it
  int smallest;   // 1: argmin
  int row;        // units in a row of the dispatch
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

#define VKF_TOGETHER 1
#include "vkf_layout.h"
#include "vkf_reduce.h"
#include "vkf_linear.h"
#include "vkf_arg_reduce_main.h"
