// What the shaders of convolutions share.
//
// Conditions and ends of loops that depend on uniforms alone have "none" added, a 0 that a compiler cannot know:
// lavapipe puts such uniforms into the code and compiles the shader anew in each dispatch, which takes a millisecond.

/// The output's texel from its sums: limited (NaN stays NaN; GLSL's clamp may make a number of it), and 0 in the lanes
/// beyond the last channel, where a sum of an infinity times a weight of 0 would be NaN.
/// "channel" is that of the first lane, "channels" the number of them.
vec4 vkf_convolved(const vec4 sum, const vec2 limits, const int channel, const int channels) {
  const vec4 limited = mix(clamp(sum, limits.x, limits.y), sum, isnan(sum));
  return mix(vec4(0), limited, lessThan(channel + ivec4(0, 1, 2, 3), ivec4(channels)));
}

/// A texel of a row of the input, 0 beyond the row's ends. Reads only within the row.
#define VKF_IN_ROW(image, x, y, z, width)                                    \
  mix(vec4(0),                                                               \
      texelFetch(image, ivec3(min(max((x), 0), (width) - 1), (y), (z)), 0), \
      bvec4(uint(x) < uint(width)))

/// Adds a texel of the input times the weights of its four channels.
#define VKF_ADD(sum, texel)               \
  sum = fma((texel).xxxx, weight_x, sum); \
  sum = fma((texel).yyyy, weight_y, sum); \
  sum = fma((texel).zzzz, weight_z, sum); \
  sum = fma((texel).wwww, weight_w, sum)

/// Along one axis of a transposed convolution: the first tap that the output at "position" (counted from the start of the
/// padding) takes part in, and the input that it is multiplied with there. "step" taps on, the input is "back" before.
ivec2 vkf_first_tap(
    const int position,
    const int stride,
    const int dilate,
    const int step,
    const int back,
    const int isize,
    const int taps) {
  int k = 0;
  while (k < step && (position % stride + stride - k * dilate % stride) % stride != 0) {
    ++k;
  }
  if (k == step) {
    return ivec2(taps, 0);
  }
  const int i = (position - k * dilate) / stride;
  const int beyond = max(0, (i - isize + back) / back);
  return ivec2(k + beyond * step, i - beyond * back);
}
