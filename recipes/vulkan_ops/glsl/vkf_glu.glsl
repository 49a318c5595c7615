#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec3 size;  // extents of the output
  int run;     // texels along z until the input's next texels are gates; they are skipped
  ivec3 gate;  // from a texel to the one that gates it
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

// For halves that consist of whole texels.
void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (all(lessThan(pos, uBlock.size))) {
    const ivec3 from = ivec3(pos.xy, pos.z + pos.z / uBlock.run * uBlock.gate.z);
    const vec4 value = texelFetch(uInput, from, 0);
    const vec4 gate = texelFetch(uInput, from + uBlock.gate, 0);
    imageStore(uOutput, pos, value / (1 + exp(-gate)));
  }
}
