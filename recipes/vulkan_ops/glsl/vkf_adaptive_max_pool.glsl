#version 450 core
#define PRECISION $precision
#define FORMAT    $format

layout(std430) buffer;

layout(set = 0, binding = 0, FORMAT) uniform PRECISION restrict writeonly image3D   uOutput;
layout(set = 0, binding = 1)         uniform PRECISION                    sampler3D uInput;
layout(set = 0, binding = 2)         uniform PRECISION restrict           Block {
  ivec4 size;   // xyz: extents of the output
  ivec2 isize;  // of the input, in x and y
} uBlock;

layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;

void main() {
  const ivec3 pos = ivec3(gl_GlobalInvocationID);
  if (any(greaterThanEqual(pos, uBlock.size.xyz))) {
    return;
  }
  const ivec2 start = pos.xy * uBlock.isize / uBlock.size.xy;
  const ivec2 end = ((pos.xy + 1) * uBlock.isize + uBlock.size.xy - 1) / uBlock.size.xy;

  // GLSL leaves max() of a NaN open, so NaNs are carried along beside it.
  vec4 result = vec4(uintBitsToFloat(0xff800000u));  // -inf
  vec4 nans = vec4(0);
  for (int y = start.y; y < end.y; ++y) {
    for (int x = start.x; x < end.x; ++x) {
      const vec4 texel = texelFetch(uInput, ivec3(x, y, pos.z), 0);
      result = max(texel, result);
      nans = mix(nans, texel, isnan(texel));
    }
  }
  imageStore(uOutput, pos, mix(result, nans, isnan(nans)));
}
