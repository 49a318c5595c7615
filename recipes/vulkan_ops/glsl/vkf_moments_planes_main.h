// The body of vkf_moments_planes*.glsl.

#if VKF_TOGETHER
shared vec2 vkf_partial[VKF_GROUP];
#endif

/// The sum of what the invocations that make a unit have.
vec2 vkf_total(const vec2 part) {
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

/// Sums up, over the planes [begin, ...): x: mean - known, y: variance + (mean - known)^2.
vec2 vkf_sums(const ivec3 unit, const int begin, const float known, const int first, const int stride) {
  vec4 sum = vec4(0);
  vec4 squares = vec4(0);
  if (uBlock.planes.y + VKF_NONE == 1) {
    const int stop = begin + uBlock.planes.x;
    for (int z = begin / 4 + first; z * 4 < stop; z += stride) {
      const ivec3 at = ivec3(unit.xy, z);
      const bvec4 inside = vkf_between(z, begin, stop);
      const vec4 difference = mix(vec4(0), texelFetch(uMeans, at, 0) - known, inside);
      const vec4 spread = uBlock.spread + VKF_NONE != 0 ? mix(vec4(0), texelFetch(uVariances, at, 0), inside) : vec4(0);
      sum += difference;
      squares += spread + difference * difference;
    }
  } else {
    for (int i = first; i < uBlock.planes.x + VKF_NONE; i += stride) {
      const int plane = begin + i * uBlock.planes.y;
      const ivec3 at = ivec3(unit.xy, plane / 4);
      const float difference = texelFetch(uMeans, at, 0)[plane % 4] - known;
      sum.x += difference;
      squares.x += (uBlock.spread + VKF_NONE != 0 ? texelFetch(uVariances, at, 0)[plane % 4] : 0) + difference * difference;
    }
  }
  return vec2(sum.x + sum.y + (sum.z + sum.w), squares.x + squares.y + (squares.z + squares.w));
}

// The mean of equally many elements in each plane is the mean of the planes' means; the variance is the mean of
// the planes' variances and of the squares of what their means differ from the mean: no digits are lost.
void main() {
  const ivec3 unit = VKF_UNIT;
  const int first = VKF_FIRST.z;
  const int stride = VKF_STRIDE.z;
  const bool has_unit = vkf_has_unit(unit, uBlock.size);
  // Those beside the first column and row of a work group have nothing to do.
  const bool has_work = has_unit && VKF_FIRST.xy == ivec2(0);
  const float count = float(uBlock.planes.x);

  vec4 mean = vec4(0);
  vec4 variance = vec4(0);
  for (int lane = 0; lane < 4; ++lane) {
    const bool has = has_work && unit.z * 4 + lane < vkf_planes(uBlock.size);
    const int begin = (unit.z * 4 + lane) * uBlock.planes.z;
    const vec2 sum = vkf_total(has ? vkf_sums(unit, begin, 0, first, stride) : vec2(0));
    const float known = sum.x / count;
    const vec2 rest = vkf_total(has ? vkf_sums(unit, begin, known, first, stride) : vec2(0)) / count;
    mean[lane] = known + rest.x;
    variance[lane] = rest.y - rest.x * rest.x;
  }
  variance = vkf_larger(variance, vec4(0)) * uBlock.factor;

  if (has_unit && (VKF_TOGETHER == 0 || gl_LocalInvocationIndex == 0u)) {
    const vec4 result = uBlock.root + VKF_NONE != 0 ? sqrt(variance) : variance;
    VKF_STORE(uMean, unit, mean, uBlock.size, uBlock.width);
    VKF_STORE(uVariance, unit, result, uBlock.size, uBlock.width);
  }
}
