// Where an element of a tensor lies in its image. To be included by the vkf_*.glsl shaders.
//
// A tensor of up to four dimensions (N, C, H, W; missing ones count as 1) is a 3-D image of four lanes:
// element (n, c, h, w) lies in lane p % 4 of texel (w, h, p / 4), where p = n * C + c is its plane.
// Lanes beyond the last plane hold no element; every vkf shader writes 0 there, because a convolution
// multiplies them by zero weights, and 0 * inf is NaN.
//
// Sizes and positions are ivec4s in the order (w, h, c, n).

/// 0, which no compiler knows. To be added in conditions and ends of loops that depend on uniforms alone: lavapipe puts
/// such uniforms into the code, and compiles the shader anew in each dispatch, which takes a millisecond or more.
#define VKF_NONE int(gl_NumWorkGroups.x >> 31)

/// Number of planes.
int vkf_planes(const ivec4 size) {
  return size.z * size.w;
}

/// The element in a lane of a texel. Only valid where texel.z * 4 + lane < vkf_planes(size).
ivec4 vkf_element(const ivec3 texel, const int lane, const ivec4 size) {
  const int plane = texel.z * 4 + lane;
  return ivec4(texel.x, texel.y, plane % size.z, plane / size.z);
}

/// The plane of an element.
int vkf_plane(const ivec4 element, const ivec4 size) {
  return element.w * size.z + element.z;
}

/// Fetches one element: a float. "size" is that of the tensor in "image".
#define VKF_FETCH(image, element, size) \
  texelFetch(image, ivec3((element).xy, vkf_plane(element, size) / 4), 0)[vkf_plane(element, size) % 4]

/// 1 for each lane of a texel that holds an element, 0 for those beyond the last plane.
bvec4 vkf_lanes(const ivec3 texel, const ivec4 size) {
  return lessThan(texel.z * 4 + ivec4(0, 1, 2, 3), ivec4(vkf_planes(size)));
}

/// The texel with its lanes beyond the last plane set to 0 (also if they are NaN).
vec4 vkf_mask(const vec4 value, const ivec3 texel, const ivec4 size) {
  return mix(vec4(0), value, vkf_lanes(texel, size));
}
