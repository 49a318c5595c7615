// Elementary functions on vec4. GLSL leaves the accuracy of its own ones open (sin: 2^-11, atan: 4096 ulp), what
// tanh does for large arguments, and what min, max and clamp do with NaN. These are within 2 ulp or so on every
// driver and treat NaN and infinities as the CPU does. The polynomials are those of the Cephes library.

#define VKF_INF uintBitsToFloat(0x7f800000u)
#define VKF_NAN uintBitsToFloat(0x7fc00000u)

bvec4 vkf_or(const bvec4 a, const bvec4 b) {
  return bvec4(a.x || b.x, a.y || b.y, a.z || b.z, a.w || b.w);
}

bvec4 vkf_and(const bvec4 a, const bvec4 b) {
  return bvec4(a.x && b.x, a.y && b.y, a.z && b.z, a.w && b.w);
}

/// Tells NaN by its bits: a compiler may take isnan() for false.
bvec4 vkf_isnan(const vec4 x) {
  return greaterThan(floatBitsToUint(x) & 0x7fffffffu, uvec4(0x7f800000u));
}

/// True for negative numbers and -0.
bvec4 vkf_signbit(const vec4 x) {
  return lessThan(floatBitsToInt(x), ivec4(0));
}

/// |magnitude| with the sign of "from".
vec4 vkf_copysign(const vec4 magnitude, const vec4 from) {
  return uintBitsToFloat((floatBitsToUint(magnitude) & 0x7fffffffu) | (floatBitsToUint(from) & 0x80000000u));
}

/// The greater (less); NaN if one is NaN.
vec4 vkf_max(const vec4 a, const vec4 b) {
  return mix(mix(b, a, greaterThan(a, b)), a + b, vkf_or(vkf_isnan(a), vkf_isnan(b)));
}

vec4 vkf_min(const vec4 a, const vec4 b) {
  return mix(mix(b, a, lessThan(a, b)), a + b, vkf_or(vkf_isnan(a), vkf_isnan(b)));
}

/// min(max(x, least), greatest); NaN stays NaN.
vec4 vkf_clamp(const vec4 x, const float least, const float greatest) {
  return mix(min(max(x, vec4(least)), vec4(greatest)), x, vkf_isnan(x));
}

vec4 vkf_sqrt(const vec4 x) {
  return mix(sqrt(x), vec4(VKF_NAN), lessThan(x, vec4(0)));
}

/// 2^n for n in [-126, 127]
vec4 vkf_exp2_int(const ivec4 n) {
  return intBitsToFloat((n + 127) << 23);
}

vec4 vkf_exp(const vec4 x) {
  const vec4 t = clamp(x, -104.0, 89.0);
  const vec4 n = roundEven(t * 1.44269504);
  precise vec4 r = t - n * 0.693359375;
  r = r + n * 2.12194440e-4;
  vec4 y = r * 1.9875691500e-4 + 1.3981999507e-3;
  y = y * r + 8.3334519073e-3;
  y = y * r + 4.1665795894e-2;
  y = y * r + 1.6666665459e-1;
  y = y * r + 5.0000001201e-1;
  y = y * r * r + r + 1.0;
  const ivec4 half_n = ivec4(n) >> 1;
  y = y * vkf_exp2_int(half_n) * vkf_exp2_int(ivec4(n) - half_n);
  return mix(y, x, vkf_isnan(x));
}

/// x = (m + 1) * 2^e with m in [-0.3, 0.42]; of positive x only.
void vkf_split_log(const vec4 x, out vec4 m, out vec4 e) {
  const bvec4 tiny = lessThan(x, vec4(1.17549435e-38));
  const ivec4 bits = floatBitsToInt(mix(x, x * 8388608.0, tiny));
  e = vec4((bits >> 23) - 126) - mix(vec4(0), vec4(23), tiny);
  m = intBitsToFloat((bits & 0x7fffff) | 0x3f000000);
  const bvec4 below = lessThan(m, vec4(0.707106781));
  e = e - mix(vec4(0), vec4(1), below);
  m = mix(m, m + m, below) - 1.0;
}

/// log(1 + m) - m of vkf_split_log()'s m
vec4 vkf_log_of_split(const vec4 m) {
  vec4 y = m * 7.0376836292e-2 - 1.1514610310e-1;
  y = y * m + 1.1676998740e-1;
  y = y * m - 1.2420140846e-1;
  y = y * m + 1.4249322787e-1;
  y = y * m - 1.6668057665e-1;
  y = y * m + 2.0000714765e-1;
  y = y * m - 2.4999993993e-1;
  y = y * m + 3.3333331174e-1;
  return y * m * m * m - 0.5 * m * m;
}

/// What log(x) is where x is no positive number: -inf for 0, NaN below, inf and NaN as they are.
vec4 vkf_log_ends(const vec4 y, const vec4 x) {
  vec4 result = mix(y, vec4(-VKF_INF), equal(x, vec4(0)));
  result = mix(result, vec4(VKF_NAN), lessThan(x, vec4(0)));
  return mix(result, x, vkf_or(vkf_isnan(x), equal(x, vec4(VKF_INF))));
}

vec4 vkf_log(const vec4 x) {
  vec4 m, e;
  vkf_split_log(x, m, e);
  precise vec4 y = vkf_log_of_split(m) - e * 2.12194440e-4;
  y = m + y;
  y = y + e * 0.693359375;
  return vkf_log_ends(y, x);
}

vec4 vkf_log2(const vec4 x) {
  vec4 m, e;
  vkf_split_log(x, m, e);
  return vkf_log_ends(e + (m + vkf_log_of_split(m)) * 1.44269504, x);
}

vec4 vkf_log1p(const vec4 x) {
  precise vec4 u = 1.0 + x;
  precise vec4 lost = x - (u - 1.0);
  const vec4 y = vkf_log(u);
  const bvec4 plain = vkf_or(lessThanEqual(u, vec4(0)), vkf_or(vkf_isnan(x), greaterThan(u, vec4(1e8))));
  return mix(mix(y + lost / u, y, plain), x, equal(u, vec4(1)));
}

vec4 vkf_expm1(const vec4 x) {
  vec4 y = x * 2.4801587e-5 + 1.9841270e-4;
  y = y * x + 1.3888889e-3;
  y = y * x + 8.3333333e-3;
  y = y * x + 4.1666667e-2;
  y = y * x + 1.6666667e-1;
  y = y * x + 0.5;
  y = y * x * x + x;
  return mix(vkf_exp(x) - 1.0, y, lessThan(abs(x), vec4(0.5)));
}

vec4 vkf_tanh(const vec4 x) {
  const vec4 z = x * x;
  vec4 y = z * -5.70498872745e-3 + 2.06390887954e-2;
  y = y * z - 5.37397155531e-2;
  y = y * z + 1.33314422036e-1;
  y = y * z - 3.33332819422e-1;
  y = y * z * x + x;
  const vec4 t = abs(x);
  const vec4 far = 1.0 - 2.0 / (vkf_exp(min(t, vec4(40)) * 2.0) + 1.0);
  return mix(mix(vkf_copysign(far, x), y, lessThan(t, vec4(0.625))), x, vkf_isnan(x));
}

vec4 vkf_erf(const vec4 x) {
  const vec4 t = min(abs(x), vec4(4));
  vec4 far = t * -1.72853470e-5 + 3.83197126e-4;
  far = far * t - 3.88396438e-3;
  far = far * t + 2.42546219e-2;
  far = far * t - 1.06777877e-1;
  far = far * t - 6.34846687e-1;
  far = far * t - 1.28717512e-1;
  far = 1.0 - vkf_exp(far * t - t);
  const vec4 s = x * x;
  vec4 y = s * -5.96761703e-4 + 4.99119423e-3;
  y = y * s - 2.67681349e-2;
  y = y * s + 1.12819925e-1;
  y = y * s - 3.76125336e-1;
  y = y * s + 1.28379166e-1;
  y = y * x + x;
  return mix(mix(y, vkf_copysign(far, x), greaterThan(t, vec4(0.927734375))), x, vkf_isnan(x));
}

/// The sine (quadrant 0) or cosine (quadrant 1); right for |x| up to 30,000 or so.
vec4 vkf_sin(const vec4 x, const int quadrant) {
  const vec4 n = roundEven(x * 0.636619772);
  precise vec4 r = x - n * 1.5703125;
  r = r - n * 4.837512969970703125e-4;
  r = r - n * 7.54978995489188216e-8;
  const vec4 z = r * r;
  const vec4 s = ((z * -1.9515295891e-4 + 8.3321608736e-3) * z - 1.6666654611e-1) * z * r + r;
  const vec4 c = ((z * 2.443315711809948e-5 - 1.388731625493765e-3) * z + 4.166664568298827e-2) * z * z - 0.5 * z + 1.0;
  const ivec4 q = ivec4(n) + quadrant;
  const vec4 y = mix(s, c, equal(q & 1, ivec4(1)));
  return mix(mix(y, -y, equal(q & 2, ivec4(2))), vec4(VKF_NAN), vkf_or(vkf_isnan(x), equal(abs(x), vec4(VKF_INF))));
}

vec4 vkf_atan(const vec4 x) {
  const vec4 t = abs(x);
  const bvec4 large = greaterThan(t, vec4(2.414213562));
  const bvec4 middle = greaterThan(t, vec4(0.4142135624));
  const vec4 u = mix(mix(t, (t - 1.0) / (t + 1.0), middle), -1.0 / t, large);
  const vec4 base = mix(mix(vec4(0), vec4(0.785398163), middle), vec4(1.57079633), large);
  const vec4 z = u * u;
  const vec4 y = (((z * 8.05374449538e-2 - 1.38776856032e-1) * z + 1.99777106478e-1) * z - 3.33329491539e-1) * z * u + u;
  return mix(vkf_copysign(base + y, x), x, vkf_isnan(x));
}

vec4 vkf_atan2(const vec4 y, const vec4 x) {
  const vec4 longer = max(abs(x), abs(y));
  const vec4 shorter = min(abs(x), abs(y));
  vec4 ratio = mix(shorter / longer, vec4(1), equal(shorter, vec4(VKF_INF)));
  ratio = mix(ratio, vec4(0), equal(longer, vec4(0)));
  vec4 angle = vkf_atan(ratio);
  angle = mix(angle, 1.57079633 - angle, greaterThan(abs(y), abs(x)));
  angle = mix(angle, 3.14159265 - angle, vkf_signbit(x));
  return mix(vkf_copysign(angle, y), x + y, vkf_or(vkf_isnan(x), vkf_isnan(y)));
}

/// The arc sine of |x| <= 0.5 and, for larger ones, of sqrt((1 - |x|) / 2); the sign is to be given back.
vec4 vkf_asin_part(const vec4 t) {
  const vec4 u = mix(t, sqrt(max(0.5 - 0.5 * t, vec4(0))), greaterThan(t, vec4(0.5)));
  const vec4 z = u * u;
  vec4 y = z * 4.2163199048e-2 + 2.4181311049e-2;
  y = y * z + 4.5470025998e-2;
  y = y * z + 7.4953002686e-2;
  y = y * z + 1.6666752422e-1;
  return y * z * u + u;
}

vec4 vkf_asin(const vec4 x) {
  const vec4 t = abs(x);
  const vec4 part = vkf_asin_part(t);
  const vec4 y = vkf_copysign(mix(part, 1.57079633 - 2.0 * part, greaterThan(t, vec4(0.5))), x);
  return mix(vec4(VKF_NAN), y, lessThanEqual(t, vec4(1)));
}

vec4 vkf_acos(const vec4 x) {
  const vec4 t = abs(x);
  const vec4 part = vkf_asin_part(t);
  const vec4 far = mix(2.0 * part, 3.14159265 - 2.0 * part, lessThan(x, vec4(0)));
  const vec4 y = mix(1.57079633 - vkf_copysign(part, x), far, greaterThan(t, vec4(0.5)));
  return mix(vec4(VKF_NAN), y, lessThanEqual(t, vec4(1)));
}

vec4 vkf_sinh(const vec4 x) {
  const vec4 z = x * x;
  const vec4 y = (((z * 2.7557319e-6 + 1.9841270e-4) * z + 8.3333333e-3) * z + 1.6666667e-1) * z * x + x;
  const vec4 root = vkf_exp(abs(x) * 0.5);
  const vec4 far = 0.5 * root * root - 0.5 / (root * root);
  return mix(vkf_copysign(far, x), y, lessThan(abs(x), vec4(1)));
}

vec4 vkf_cosh(const vec4 x) {
  const vec4 root = vkf_exp(abs(x) * 0.5);
  return 0.5 * root * root + 0.5 / (root * root);
}

vec4 vkf_asinh(const vec4 x) {
  const vec4 t = abs(x);
  const vec4 u = min(t, vec4(1e4));
  const vec4 near = vkf_log1p(u + u * u / (1.0 + sqrt(u * u + 1.0)));
  return mix(vkf_copysign(mix(near, vkf_log(t) + 0.693147181, greaterThan(t, vec4(1e4))), x), x, vkf_isnan(x));
}

vec4 vkf_acosh(const vec4 x) {
  const vec4 u = clamp(x, 1.0, 1e4) - 1.0;
  const vec4 near = vkf_log1p(u + sqrt(u * (u + 2.0)));
  const vec4 y = mix(near, vkf_log(x) + 0.693147181, greaterThan(x, vec4(1e4)));
  return mix(vec4(VKF_NAN), y, greaterThanEqual(x, vec4(1)));
}

vec4 vkf_atanh(const vec4 x) {
  const vec4 t = abs(x);
  return vkf_copysign(0.5 * vkf_log1p(2.0 * t / (1.0 - t)), x);
}

vec4 vkf_hypot(const vec4 x, const vec4 y) {
  const vec4 longer = max(abs(x), abs(y));
  const vec4 ratio = min(abs(x), abs(y)) / longer;
  vec4 result = mix(longer * sqrt(1.0 + ratio * ratio), x + y, vkf_or(vkf_isnan(x), vkf_isnan(y)));
  result = mix(result, vec4(0), vkf_and(equal(x, vec4(0)), equal(y, vec4(0))));
  return mix(result, vec4(VKF_INF), vkf_or(equal(abs(x), vec4(VKF_INF)), equal(abs(y), vec4(VKF_INF))));
}

/// r - q * b without rounding of the product (Dekker).
vec4 vkf_residual(const vec4 r, const vec4 q, const vec4 b) {
  precise vec4 t = q * 4097.0;
  precise vec4 q_high = t - (t - q);
  precise vec4 q_low = q - q_high;
  t = b * 4097.0;
  precise vec4 b_high = t - (t - b);
  precise vec4 b_low = b - b_high;
  precise vec4 product = q * b;
  precise vec4 rest = ((q_high * b_high - product) + q_high * b_low + q_low * b_high) + q_low * b_low;
  precise vec4 result = (r - product) - rest;
  return result;
}

/// The rest of the division, with the sign of a; exact for |a / b| up to 2^40 or so.
vec4 vkf_fmod(const vec4 a, const vec4 b) {
  const vec4 divisor = abs(b);
  vec4 r = abs(a);
  for (int i = 0; i < 3; ++i) {
    r = vkf_residual(r, trunc(r / divisor), divisor);
    r = mix(r, r + divisor, lessThan(r, vec4(0)));
    r = mix(r, r - divisor, greaterThanEqual(r, divisor));
  }
  r = mix(vkf_copysign(r, a), a, lessThan(abs(a), divisor));
  const bvec4 none = vkf_or(equal(b, vec4(0)), equal(abs(a), vec4(VKF_INF)));
  return mix(r, vec4(VKF_NAN), vkf_or(none, vkf_or(vkf_isnan(a), vkf_isnan(b))));
}

/// The rest with the sign of b.
vec4 vkf_remainder(const vec4 a, const vec4 b) {
  const vec4 r = vkf_fmod(a, b);
  const bvec4 other_side = notEqual(lessThan(r, vec4(0)), lessThan(b, vec4(0)));
  return mix(r, r + b, vkf_and(other_side, notEqual(r, vec4(0))));
}

/// trunc(a / b) as with a correctly rounded quotient: a driver may give 1.9999999 for 6 / 3.
vec4 vkf_div_trunc(const vec4 a, const vec4 b) {
  const vec4 q = abs(a / b);
  const vec4 n = roundEven(q);
  const vec4 half_spacing = 0.5 * (uintBitsToFloat(floatBitsToUint(n) + 1u) - n);
  const vec4 beyond = vkf_residual(abs(a), n, abs(b)) / abs(b);
  const vec4 result = mix(n, n - 1.0, lessThan(beyond, -half_spacing));
  const bvec4 whole = vkf_or(vkf_isnan(q), greaterThan(q, vec4(8388608)));
  return mix(vkf_copysign(mix(result, vec4(0), lessThan(abs(a), abs(b))), a / b), a / b, whole);
}

/// The quotient down, from the exact rest.
vec4 vkf_div_floor(const vec4 a, const vec4 b) {
  const vec4 rest = vkf_remainder(a, b);
  const vec4 q = vkf_copysign(roundEven((a - rest) / b), a / b);
  const bvec4 whole = vkf_or(equal(b, vec4(0)), greaterThan(abs(a / b), vec4(8388608)));
  vec4 result = mix(q, a / b, whole);
  const bvec4 below = vkf_and(notEqual(lessThan(a, vec4(0)), lessThan(b, vec4(0))), notEqual(a, vec4(0)));
  result = mix(result, mix(a / b, vec4(-1), below), equal(abs(b), vec4(VKF_INF)));
  return mix(result, vec4(VKF_NAN), vkf_and(equal(abs(a), vec4(VKF_INF)), notEqual(b, vec4(0))));
}

vec4 vkf_pow(const vec4 x, const vec4 y) {
  const vec4 base = abs(x);
  // |x|^y; the exponent of 2 in x times the long part of ln 2 is exact
  vec4 m, e;
  vkf_split_log(base, m, e);
  const vec4 part = m + (vkf_log_of_split(m) - e * 2.12194440e-4);
  const vec4 log_x = vkf_log_ends(part + e * 0.693359375, base);
  vec4 result = vkf_exp(y * log_x);
  result = mix(result, vec4(1), equal(base, vec4(1)));
  // small whole exponents by multiplication
  const bvec4 whole = equal(y, trunc(y));
  const bvec4 small = vkf_and(whole, lessThanEqual(abs(y), vec4(16)));
  const ivec4 n = ivec4(mix(vec4(0), abs(y), small));
  const vec4 x2 = base * base;
  const vec4 x4 = x2 * x2;
  const vec4 x8 = x4 * x4;
  const vec4 one = vec4(1);
  vec4 power = mix(one, base, notEqual(n & 1, ivec4(0))) * mix(one, x2, notEqual(n & 2, ivec4(0))) *
      mix(one, x4, notEqual(n & 4, ivec4(0))) * mix(one, x8, notEqual(n & 8, ivec4(0))) *
      mix(one, x8 * x8, notEqual(n & 16, ivec4(0)));
  power = mix(power, 1.0 / power, lessThan(y, vec4(0)));
  result = mix(result, power, small);
  // the sign: of odd whole exponents; a negative number has no other power
  const vec4 half_y = y * 0.5;
  const bvec4 odd = vkf_and(whole, vkf_and(notEqual(half_y, trunc(half_y)), lessThan(abs(y), vec4(16777216))));
  result = mix(result, -result, vkf_and(odd, vkf_signbit(x)));
  const bvec4 finite = lessThan(base, vec4(VKF_INF));
  result = mix(result, vec4(VKF_NAN), vkf_and(lessThan(x, vec4(0)), vkf_and(finite, notEqual(y, trunc(y)))));
  result = mix(result, x + y, vkf_or(vkf_isnan(x), vkf_isnan(y)));
  return mix(result, vec4(1), vkf_or(equal(x, vec4(1)), equal(y, vec4(0))));
}
