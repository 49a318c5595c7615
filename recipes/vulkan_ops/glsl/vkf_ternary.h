// Three operands: result = VKF_OP(a, b, c).

#include "vkf_operand.h"

layout(constant_id = 3) const int VKF_OP = 0;
layout(constant_id = 4) const int VKF_A = 0;
layout(constant_id = 5) const int VKF_B = 0;
layout(constant_id = 6) const int VKF_C = 0;

vec4 vkf_ternary(const vec4 a, const vec4 b, const vec4 c, const float alpha) {
  switch (VKF_OP) {
    case VKF_ADDCMUL:
      return a + alpha * b * c;
    case VKF_ADDCDIV:
      return a + alpha * b / c;
    case VKF_LERP:
      return mix(b - (b - a) * (1.0 - c), a + c * (b - a), lessThan(abs(c), vec4(0.5)));
    case VKF_WHERE:
      return mix(a, b, notEqual(c, vec4(0)));
  }
  return vec4(0);
}
