// The four elements of a texel, for shaders that pick them one by one. To be included behind vkf_layout.h:
//
//   const ivec4 at[4] = vkf_elements(texel, size);
//   vkf_mask(vec4(element(at[0]), element(at[1]), element(at[2]), element(at[3])), texel, size)
//
// This costs two divisions where vkf_element() for each lane costs eight, and no loop.

/// The element in the next plane, or the same again if there is none.
ivec4 vkf_next_plane(const ivec4 at, const ivec4 size) {
  if (at.z + 1 < size.z) {
    return ivec4(at.xy, at.z + 1, at.w);
  }
  return at.w + 1 < size.w ? ivec4(at.xy, 0, at.w + 1) : at;
}

/// The elements in the lanes of a texel. Lanes beyond the last plane repeat the last element.
ivec4[4] vkf_elements(const ivec3 texel, const ivec4 size) {
  const ivec4 first = vkf_element(texel, 0, size);
  const ivec4 second = vkf_next_plane(first, size);
  const ivec4 third = vkf_next_plane(second, size);
  return ivec4[4](first, second, third, vkf_next_plane(third, size));
}
