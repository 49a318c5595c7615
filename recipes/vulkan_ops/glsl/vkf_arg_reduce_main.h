// The body of vkf_arg_reduce.glsl and vkf_arg_reduce_group.glsl.

#if VKF_TOGETHER
shared float vkf_partial_value[VKF_GROUP];
shared int vkf_partial_index[VKF_GROUP];
#endif

/// Whether a value comes before the best one so far; of equal ones, the first is it, and NaN before all.
bool vkf_before(const float value, const int index, const float best, const int best_index) {
  if (isnan(value) || isnan(best)) {
    return isnan(value) && (!isnan(best) || index < best_index);
  }
  return value == best ? index < best_index : (uBlock.smallest + VKF_NONE != 0 ? value < best : value > best);
}

float vkf_value(const int unit, const int index) {
  ivec4 at;
  if (uBlock.axis + VKF_NONE == 4) {
    at = vkf_element_at(index, uBlock.isize);
  } else {
    at = vkf_element_at(unit, uBlock.size);
    at[uBlock.axis] = index;
  }
  return VKF_FETCH(uInput, at, uBlock.isize);
}

void main() {
  const ivec3 pos = VKF_UNIT;
  const int unit = pos.y * uBlock.row + pos.x;
  const int elements = vkf_planes(uBlock.size) * uBlock.size.y * uBlock.size.x;
  const bool has_unit = pos.x < uBlock.row && unit < elements;

  // Any index of an element comes before this one.
  float best = uBlock.smallest + VKF_NONE != 0 ? VKF_INFINITY : -VKF_INFINITY;
  int best_index = uBlock.count;
  if (has_unit) {
    for (int i = VKF_FIRST.x; i < uBlock.count + VKF_NONE; i += VKF_STRIDE.x) {
      const float value = vkf_value(unit, i);
      if (vkf_before(value, i, best, best_index)) {
        best = value;
        best_index = i;
      }
    }
  }
#if VKF_TOGETHER
  const int index = int(gl_LocalInvocationIndex);
  vkf_partial_value[index] = best;
  vkf_partial_index[index] = best_index;
  for (int rest = VKF_GROUP / 2; rest > 0; rest /= 2) {
    memoryBarrierShared();
    barrier();
    if (index < rest) {
      const float other = vkf_partial_value[index + rest];
      const int other_index = vkf_partial_index[index + rest];
      if (vkf_before(other, other_index, vkf_partial_value[index], vkf_partial_index[index])) {
        vkf_partial_value[index] = other;
        vkf_partial_index[index] = other_index;
      }
    }
  }
  if (index != 0) {
    return;
  }
  best_index = vkf_partial_index[0];
#endif
  if (has_unit) {
    uOutput.data[unit] = best_index;
  }
}
