// The body of vkf_moments*.glsl.

#if VKF_TOGETHER
shared vec4 vkf_partial[VKF_GROUP];
#endif

/// The sum of what the invocations that make a unit have.
vec4 vkf_total(const vec4 part) {
#if VKF_TOGETHER
  const int index = int(gl_LocalInvocationIndex);
  memoryBarrierShared();
  barrier();
  vkf_partial[index] = part;
  for (int rest = VKF_GROUP / 2; rest > 0; rest /= 2) {
    memoryBarrierShared();
    barrier();
    if (index < rest) {
      vkf_partial[index] += vkf_partial[index + rest];
    }
  }
  memoryBarrierShared();
  barrier();
  return vkf_partial[0];
#else
  return part;
#endif
}

// Mean, then the sum of the squares of what differs from it: the mean of the squares less the square of the mean
// would lose all digits where the mean is large.
void main() {
  const ivec3 unit = VKF_UNIT;
  const ivec3 first = VKF_FIRST;
  const ivec3 stride = VKF_STRIDE;
  const bool has_unit = vkf_has_unit(unit, uBlock.size);
  const ivec2 end = has_unit ? unit.xy + uBlock.span : ivec2(0);

  vec4 sum = vec4(0);
  for (int y = unit.y + first.y; y < end.y; y += stride.y) {
    vec4 row = vec4(0);
    for (int x = unit.x + first.x; x < end.x; x += stride.x) {
      row += texelFetch(uInput, ivec3(x, y, unit.z), 0);
    }
    sum += row;
  }
  vec4 mean = vkf_total(sum) / uBlock.count;

  vec4 rest = vec4(0);
  vec4 squares = vec4(0);
  for (int y = unit.y + first.y; y < end.y; y += stride.y) {
    vec4 row = vec4(0);
    vec4 row_squares = vec4(0);
    for (int x = unit.x + first.x; x < end.x; x += stride.x) {
      const vec4 difference = texelFetch(uInput, ivec3(x, y, unit.z), 0) - mean;
      row += difference;
      row_squares += difference * difference;
    }
    rest += row;
    squares += row_squares;
  }
  // What the rounding of the mean left.
  rest = vkf_total(rest) / uBlock.count;
  const vec4 variance = vkf_larger(vkf_total(squares) / uBlock.count - rest * rest, vec4(0)) * uBlock.factor;
  mean += rest;

  if (has_unit && (VKF_TOGETHER == 0 || gl_LocalInvocationIndex == 0u)) {
    const vec4 result = uBlock.root + VKF_NONE != 0 ? sqrt(variance) : variance;
    VKF_STORE(uMean, unit, mean, uBlock.size, uBlock.width);
    VKF_STORE(uVariance, unit, result, uBlock.size, uBlock.width);
  }
}
