#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;    // xyz: extents of the output
  ivec2 last;    // last index of the input, in x and y
  ivec2 before;  // texels added before the first
  ivec2 first;   // first texel that is not cropped
  ivec2 kept;    // number of texels that are not cropped
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (all(lessThan(pos, uBlock.size.xyz))) {
    const ivec2 at = pos.xy - uBlock.before;
    const ivec2 from = uBlock.last - abs(uBlock.last - abs(at));
    imageStore(uOutput, pos, texelFetch(uInput, ivec3(from, pos.z), 0));
  }
}
