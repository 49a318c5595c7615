#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

// One plane of the input.
layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec2 size;
  int plane;
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (all(lessThan(pos, ivec3(uBlock.size, 1)))) {
    const float value = texelFetch(uInput, ivec3(pos.xy, uBlock.plane / 4), 0)[uBlock.plane % 4];
    imageStore(uOutput, pos, vec4(value, 0, 0, 0));
  }
}
