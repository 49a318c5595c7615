#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

// Packs a matrix as the right factor of vkf_mm and vkf_bmm: texel (n, k) holds elements (k, 4 n) to (k, 4 n + 3).

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;       // of the input: (w, h, 1, 1)
  ivec2 packed;     // texels of the output
  int transposed;   // 1: element (k, n) is the input's (n, k)
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, ivec3(uBlock.packed, 1)))) {
    return;
  }
  vec4 result = vec4(0);
  for (int lane = 0; lane < 4; ++lane) {
    const int n = pos.x * 4 + lane;
    const ivec2 from = uBlock.transposed == 1 ? ivec2(pos.y, n) : ivec2(n, pos.y);
    if (all(lessThan(from, uBlock.size.xy))) {
      result[lane] = texelFetch(uInput, ivec3(from, 0), 0).x;
    }
  }
  imageStore(uOutput, pos, result);
}
