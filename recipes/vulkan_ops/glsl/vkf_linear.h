// Elements by their number in memory order. To be included by the vkf_*.glsl shaders, behind vkf_layout.h.

/// The element with this number.
ivec4 vkf_element_at(const int number, const ivec4 size) {
  const int row = number / size.x;
  const int plane = row / size.y;
  return ivec4(number % size.x, row % size.y, plane % size.z, plane / size.z);
}

/// The number of an element.
int vkf_number(const ivec4 element, const ivec4 size) {
  return (vkf_plane(element, size) * size.y + element.y) * size.x + element.x;
}
