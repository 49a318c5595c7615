// What the shaders that reduce dimensions share. To be included by the vkf_*.glsl shaders, behind vkf_layout.h.
//
// A unit is one texel of the result as it is with all dimensions kept (a reduced one has size 1). Where the shader
// has defined VKF_TOGETHER as 0, one invocation makes a unit; where as 1, the 64 of a work group make one together:
// each reduces a part, then they combine. These are shaders of their own, *_group.glsl, because one that has a
// barrier anywhere is slow on drivers that run it on a CPU.

#define VKF_INFINITY uintBitsToFloat(0x7f800000u)

/// Invocations of a work group that makes one unit.
#define VKF_GROUP 64

/// The unit of this invocation; where it begins in that, in texels, and how far its steps are.
#if VKF_TOGETHER
#define VKF_UNIT ivec3(gl_WorkGroupID)
#define VKF_FIRST ivec3(gl_LocalInvocationID)
#define VKF_STRIDE ivec3(gl_WorkGroupSize)
#else
#define VKF_UNIT ivec3(gl_GlobalInvocationID)
#define VKF_FIRST ivec3(0)
#define VKF_STRIDE ivec3(1)
#endif

/// Number of texels in depth.
int vkf_depth(const ivec4 size) {
  return (vkf_planes(size) + 3) / 4;
}

bool vkf_has_unit(const ivec3 unit, const ivec4 size) {
  return all(lessThan(unit, ivec3(size.xy, vkf_depth(size))));
}

/// Larger (smaller) of two, NaN where one is. GLSL leaves max() of a NaN open.
vec4 vkf_larger(const vec4 a, const vec4 b) {
  return mix(mix(b, a, greaterThanEqual(a, b)), a, isnan(a));
}
vec4 vkf_smaller(const vec4 a, const vec4 b) {
  return mix(mix(b, a, lessThanEqual(a, b)), a, isnan(a));
}

// The planes that make one of the result: "count" of them from "factor" times its number on, "stride" apart.
// Where count is 1, planes are kept, and whole texels can be reduced.

/// Which lanes of the texel at this depth hold one of the planes [begin, end).
bvec4 vkf_between(const int depth, const int begin, const int end) {
  const ivec4 plane = depth * 4 + ivec4(0, 1, 2, 3);
  return bvec4(ivec4(greaterThanEqual(plane, ivec4(begin))) * ivec4(lessThan(plane, ivec4(end))));
}

/// Stores a unit: as a texel if "width" is 0, else each element in a texel of its own, in rows of that width,
/// which is how a result of at most two dimensions lies.
#define VKF_STORE(image, unit, value, size, width)                                                      \
  if ((width) + VKF_NONE == 0) {                                                                                   \
    imageStore(image, unit, vkf_mask(value, unit, size));                                               \
  } else {                                                                                              \
    for (int vkf_lane = 0; vkf_lane < 4 && (unit).z * 4 + vkf_lane < vkf_planes(size); ++vkf_lane) {    \
      const int vkf_at = (((unit).z * 4 + vkf_lane) * (size).y + (unit).y) * (size).x + (unit).x;       \
      imageStore(image, ivec3(vkf_at % (width), vkf_at / (width), 0), vec4((value)[vkf_lane], 0, 0, 0)); \
    }                                                                                                   \
  }
