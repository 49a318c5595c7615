// The body of vkf_reduce_*.glsl. They define
//   VKF_IDENTITY           the result of reducing nothing
//   vkf_combine(a, b)      the reduction of two
//   vkf_load(value)        what is done with an element before
//   vkf_finish(value)      and with the result at the end

#if VKF_TOGETHER
shared vec4 vkf_partial[VKF_GROUP];
#endif

vec4 vkf_fetch(const int x, const int y, const int z) {
  const vec4 value = texelFetch(uInput, ivec3(x, y, z), 0);
  return uBlock.load + VKF_NONE != 0 ? vkf_load(value) : value;
}

/// Reduces what this invocation has to of a unit.
vec4 vkf_reduce(const ivec3 unit, const ivec3 first, const ivec3 stride) {
  const ivec2 end = unit.xy + uBlock.span;
  vec4 result = vec4(VKF_IDENTITY);
  if (uBlock.planes.x + VKF_NONE == 1) {
    // Rows are summed up for themselves: that keeps the error of long sums small.
    for (int y = unit.y + first.y; y < end.y; y += stride.y) {
      vec4 row = vec4(VKF_IDENTITY);
      for (int x = unit.x + first.x; x < end.x; x += stride.x) {
        row = vkf_combine(row, vkf_fetch(x, y, unit.z));
      }
      result = vkf_combine(result, row);
    }
    return result;
  }
  for (int lane = 0; lane < 4 && unit.z * 4 + lane < vkf_planes(uBlock.size); ++lane) {
    const int begin = (unit.z * 4 + lane) * uBlock.planes.z;
    vec4 sum = vec4(VKF_IDENTITY);
    for (int y = unit.y + first.y; y < end.y; y += stride.y) {
      for (int x = unit.x + first.x; x < end.x; x += stride.x) {
        vec4 column = vec4(VKF_IDENTITY);
        if (uBlock.planes.y + VKF_NONE == 1) {
          const int stop = begin + uBlock.planes.x;
          for (int z = begin / 4 + first.z; z * 4 < stop; z += stride.z) {
            column = vkf_combine(
                column, mix(vec4(VKF_IDENTITY), vkf_fetch(x, y, z), vkf_between(z, begin, stop)));
          }
        } else {
          for (int i = first.z; i < uBlock.planes.x + VKF_NONE; i += stride.z) {
            const int plane = begin + i * uBlock.planes.y;
            column.x = vkf_combine(column, vec4(vkf_fetch(x, y, plane / 4)[plane % 4])).x;
          }
        }
        sum = vkf_combine(sum, column);
      }
    }
    sum = vkf_combine(sum, sum.zwxy);
    result[lane] = vkf_combine(sum, sum.yxwz).x;
  }
  return result;
}

void main() {
  const ivec3 unit = VKF_UNIT;
  const bool has_unit = vkf_has_unit(unit, uBlock.size);
  vec4 result = vec4(VKF_IDENTITY);
  if (has_unit) {
    result = vkf_reduce(unit, VKF_FIRST, VKF_STRIDE);
  }
#if VKF_TOGETHER
  const int index = int(gl_LocalInvocationIndex);
  vkf_partial[index] = result;
  for (int rest = VKF_GROUP / 2; rest > 0; rest /= 2) {
    memoryBarrierShared();
    barrier();
    if (index < rest) {
      vkf_partial[index] = vkf_combine(vkf_partial[index], vkf_partial[index + rest]);
    }
  }
  if (index != 0) {
    return;
  }
  result = vkf_partial[0];
#endif
  if (has_unit) {
    if (uBlock.finish + VKF_NONE != 0) {
      result = vkf_finish(result);
    }
    VKF_STORE(uOutput, unit, result, uBlock.size, uBlock.width);
  }
}
