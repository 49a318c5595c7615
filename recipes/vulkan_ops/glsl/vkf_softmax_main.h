// The body of vkf_softmax.glsl and vkf_softmax_group.glsl.

/// The largest of what the lanes have if they are along the axis.
vec4 vkf_across_larger(const vec4 value) {
  if (uBlock.axis + VKF_NONE < 2) {
    return value;
  }
  const vec4 pair = max(value, value.zwxy);
  return max(pair, pair.yxwz);
}

vec4 vkf_across_sum(const vec4 value) {
  return uBlock.axis + VKF_NONE < 2 ? value : vec4(value.x + value.y + (value.z + value.w));
}

#if VKF_TOGETHER
shared vec4 vkf_partial[VKF_GROUP];

vec4 vkf_group_larger(const vec4 part) {
  const int index = int(gl_LocalInvocationIndex);
  vkf_partial[index] = part;
  for (int rest = VKF_GROUP / 2; rest > 0; rest /= 2) {
    memoryBarrierShared();
    barrier();
    if (index < rest) {
      vkf_partial[index] = max(vkf_partial[index], vkf_partial[index + rest]);
    }
  }
  memoryBarrierShared();
  barrier();
  return vkf_partial[0];
}

vec4 vkf_group_sum(const vec4 part) {
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
}
#else
#define vkf_group_larger(part) (part)
#define vkf_group_sum(part) (part)
#endif

// max() of a NaN may be either. It does not matter: the sum is NaN then, and so is all that is divided by it.
//
// Along z, the lanes of the texels belong to one line, too. A batch must then begin with a texel.
void main() {
  const ivec3 unit = VKF_UNIT;
  const int axis = uBlock.axis + VKF_NONE;
  const int count = uBlock.count + VKF_NONE;
  const bool logarithm = uBlock.logarithm + VKF_NONE != 0;
  ivec3 extent = ivec3(uBlock.size.xy, vkf_depth(uBlock.size));
  const int batches = axis == 2 ? extent.z / count : 0;
  extent[axis] = max(batches, 1);
  const bool has_unit = all(lessThan(unit, extent));
#if !VKF_TOGETHER
  if (!has_unit) {
    return;
  }
#endif
  ivec3 from = unit;
  from[axis] *= count;
  const int begin = has_unit ? VKF_FIRST[axis] : count;
  const int stride = VKF_STRIDE[axis];
  const int planes = uBlock.size.z;

  vec4 largest = vec4(-VKF_INFINITY);
  for (int i = begin; i < count; i += stride) {
    ivec3 at = from;
    at[axis] += i;
    const vec4 value = texelFetch(uInput, at, 0);
    largest = max(largest, axis == 2 ? mix(vec4(-VKF_INFINITY), value, vkf_between(i, 0, planes)) : value);
  }
  largest = vkf_group_larger(vkf_across_larger(largest));

  vec4 sum = vec4(0);
  for (int i = begin; i < count; i += stride) {
    ivec3 at = from;
    at[axis] += i;
    const vec4 value = exp(texelFetch(uInput, at, 0) - largest);
    sum += axis == 2 ? mix(vec4(0), value, vkf_between(i, 0, planes)) : value;
  }
  sum = vkf_group_sum(vkf_across_sum(sum));

  const vec4 less = logarithm ? log(sum) : vec4(0);
  for (int i = begin; i < count; i += stride) {
    ivec3 at = from;
    at[axis] += i;
    const vec4 value = texelFetch(uInput, at, 0) - largest;
    imageStore(uOutput, at, vkf_mask(logarithm ? value - less : exp(value) / sum, at, uBlock.size));
  }
}
