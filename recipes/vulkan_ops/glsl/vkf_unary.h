// One operand: result = VKF_OP(x), with the parameters p of vkf_elementwise_ops.h.

#include "vkf_elementwise_ops.h"
#include "vkf_math.h"

layout(constant_id = 3) const int VKF_OP = 0;

vec4 vkf_sigmoid(const vec4 x) {
  return 1.0 / (1.0 + vkf_exp(-x));
}

vec4 vkf_select(const bvec4 condition, const vec4 yes, const vec4 no) {
  return mix(no, yes, condition);
}

vec4 vkf_unary(const vec4 x, const vec4 p) {
  const vec4 zero = vec4(0);
  switch (VKF_OP) {
    case VKF_ABS:
      return abs(x);
    case VKF_NEG:
      return -x;
    case VKF_SIGN:
      return vkf_select(vkf_isnan(x), zero, sign(x));
    case VKF_FLOOR:
      return floor(x);
    case VKF_CEIL:
      return ceil(x);
    case VKF_ROUND:
      return roundEven(x);
    case VKF_TRUNC:
      return trunc(x);
    case VKF_FRAC:
      return x - trunc(x);
    case VKF_SQRT:
      return vkf_sqrt(x);
    case VKF_RSQRT:
      return 1.0 / vkf_sqrt(x);
    case VKF_RECIPROCAL:
      return 1.0 / x;
    case VKF_SQUARE:
      return x * x;
    case VKF_CUBE:
      return x * x * x;
    case VKF_EXP:
      return vkf_exp(x);
    case VKF_EXP2: {
      const vec4 whole = clamp(roundEven(x), -200.0, 200.0);
      const ivec4 first = ivec4(whole) >> 1;
      const vec4 y = vkf_exp((clamp(x, -200.0, 200.0) - whole) * 0.693147181) *
          vkf_exp2_int(first) * vkf_exp2_int(ivec4(whole) - first);
      return vkf_select(vkf_isnan(x), x, y);
    }
    case VKF_EXPM1:
      return vkf_expm1(x);
    case VKF_LOG:
      return vkf_log(x);
    case VKF_LOG2:
      return vkf_log2(x);
    case VKF_LOG10:
      return vkf_log(x) * 0.434294482;
    case VKF_LOG1P:
      return vkf_log1p(x);
    case VKF_SIN:
      return vkf_sin(x, 0);
    case VKF_COS:
      return vkf_sin(x, 1);
    case VKF_TAN:
      return vkf_sin(x, 0) / vkf_sin(x, 1);
    case VKF_ASIN:
      return vkf_asin(x);
    case VKF_ACOS:
      return vkf_acos(x);
    case VKF_ATAN:
      return vkf_atan(x);
    case VKF_SINH:
      return vkf_sinh(x);
    case VKF_COSH:
      return vkf_cosh(x);
    case VKF_TANH:
      return vkf_tanh(x);
    case VKF_ASINH:
      return vkf_asinh(x);
    case VKF_ACOSH:
      return vkf_acosh(x);
    case VKF_ATANH:
      return vkf_atanh(x);
    case VKF_ERF:
      return vkf_erf(x);
    case VKF_ERFC:
      return 1.0 - vkf_erf(x);
    case VKF_SIGMOID:
      return vkf_sigmoid(x);
    case VKF_LOG_SIGMOID:
      return vkf_select(lessThan(x, zero), x, zero) - vkf_log1p(vkf_exp(-abs(x)));
    case VKF_SILU:
      return x / (1.0 + vkf_exp(-x));
    case VKF_MISH: {
      const vec4 e = vkf_exp(min(x, vec4(20)));
      const vec4 n = e * (e + 2.0);
      const vec4 y = x * n / (n + 2.0);
      return vkf_select(vkf_or(greaterThan(x, vec4(20)), vkf_isnan(x)), x, y);
    }
    case VKF_GELU:
      return 0.5 * x * (1.0 + vkf_erf(x * 0.707106781));
    case VKF_GELU_TANH:
      return 0.5 * x * (1.0 + vkf_tanh(0.797884561 * (x + 0.044715 * x * x * x)));
    case VKF_HARDSWISH:
      return x * vkf_clamp(x + 3.0, 0.0, 6.0) / 6.0;
    case VKF_HARDSIGMOID:
      return vkf_clamp(x + 3.0, 0.0, 6.0) / 6.0;
    case VKF_RELU:
      return vkf_select(vkf_isnan(x), x, max(x, zero));
    case VKF_CLAMP:
      return vkf_clamp(x, p.x, p.y);
    case VKF_THRESHOLD:
      return vkf_select(vkf_or(greaterThan(x, vec4(p.x)), vkf_isnan(x)), x, vec4(p.y));
    case VKF_HARDSHRINK:
      return vkf_select(lessThanEqual(abs(x), vec4(p.x)), zero, x);
    case VKF_SOFTSHRINK:
      return vkf_select(greaterThan(x, vec4(p.x)), x - p.x, vkf_select(lessThan(x, vec4(-p.x)), x + p.x, zero));
    case VKF_LEAKY_RELU:
      return vkf_select(greaterThan(x, zero), x, x * p.x);
    case VKF_ELU:
      return vkf_select(lessThanEqual(x, zero), vkf_expm1(x * p.z) * p.x, x * p.y);
    case VKF_SOFTPLUS:
      return vkf_select(greaterThan(x * p.x, vec4(p.y)), x, vkf_log1p(vkf_exp(x * p.x)) / p.x);
    case VKF_NAN_TO_NUM: {
      const vec4 y = vkf_select(equal(x, vec4(VKF_INF)), vec4(p.y), vkf_select(equal(x, vec4(-VKF_INF)), vec4(p.z), x));
      return vkf_select(vkf_isnan(x), vec4(p.x), y);
    }
    case VKF_LOGIT: {
      const vec4 y = p.x > 0.0 ? vkf_clamp(x, p.x, 1.0 - p.x) : x;
      return vkf_log(y / (1.0 - y));
    }
    case VKF_AFFINE:
      return x * p.x + p.y;
    case VKF_DIV_NUMBER:
      return x / p.x;
    case VKF_NUMBER_DIV:
      return p.x / x;
    case VKF_POW_NUMBER:
      return vkf_pow(x, vec4(p.x));
    case VKF_NUMBER_POW:
      return vkf_pow(vec4(p.x), x);
  }
  return zero;
}
