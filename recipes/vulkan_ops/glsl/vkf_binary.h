// Two operands: result = VKF_OP(a, b).

#include "vkf_operand.h"
#include "vkf_math.h"

layout(constant_id = 3) const int VKF_OP = 0;
layout(constant_id = 4) const int VKF_A = 0;
layout(constant_id = 5) const int VKF_B = 0;

vec4 vkf_binary(const vec4 a, const vec4 b, const float alpha) {
  switch (VKF_OP) {
    case VKF_ADD:
      return a + alpha * b;
    case VKF_MUL:
      return a * b;
    case VKF_DIV:
      return a / b;
    case VKF_DIV_TRUNC:
      return vkf_div_trunc(a, b);
    case VKF_DIV_FLOOR:
      return vkf_div_floor(a, b);
    case VKF_FMOD:
      return vkf_fmod(a, b);
    case VKF_REMAINDER:
      return vkf_remainder(a, b);
    case VKF_MAXIMUM:
      return vkf_max(a, b);
    case VKF_MINIMUM:
      return vkf_min(a, b);
    case VKF_FMAX:
      return mix(mix(vkf_max(a, b), a, vkf_isnan(b)), b, vkf_isnan(a));
    case VKF_FMIN:
      return mix(mix(vkf_min(a, b), a, vkf_isnan(b)), b, vkf_isnan(a));
    case VKF_POW:
      return vkf_pow(a, b);
    case VKF_ATAN2:
      return vkf_atan2(a, b);
    case VKF_HYPOT:
      return vkf_hypot(a, b);
    case VKF_PRELU:
      return mix(b * a, a, greaterThan(a, vec4(0)));
    case VKF_XLOGY:
      return mix(a * vkf_log(b), mix(vec4(0), b, vkf_isnan(b)), equal(a, vec4(0)));
    case VKF_COPYSIGN:
      return vkf_copysign(a, b);
    case VKF_LOGADDEXP: {
      const vec4 greater = vkf_max(a, b);
      const vec4 y = greater + vkf_log1p(vkf_exp(-abs(a - b)));
      return mix(y, greater, equal(abs(greater), vec4(VKF_INF)));
    }
    case VKF_SECOND:
      return b;
  }
  return vec4(0);
}
