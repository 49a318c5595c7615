// Numbers of the elementwise operations: the shaders' specialisation constant VKF_OP. Read by GLSL and by C++.

#define VKF_ABS 0
#define VKF_NEG 1
#define VKF_SIGN 2
#define VKF_FLOOR 3
#define VKF_CEIL 4
#define VKF_ROUND 5
#define VKF_TRUNC 6
#define VKF_FRAC 7
#define VKF_SQRT 8
#define VKF_RSQRT 9
#define VKF_RECIPROCAL 10
#define VKF_SQUARE 11
#define VKF_CUBE 12
#define VKF_EXP 13
#define VKF_EXP2 14
#define VKF_EXPM1 15
#define VKF_LOG 16
#define VKF_LOG2 17
#define VKF_LOG10 18
#define VKF_LOG1P 19
#define VKF_SIN 20
#define VKF_COS 21
#define VKF_TAN 22
#define VKF_ASIN 23
#define VKF_ACOS 24
#define VKF_ATAN 25
#define VKF_SINH 26
#define VKF_COSH 27
#define VKF_TANH 28
#define VKF_ASINH 29
#define VKF_ACOSH 30
#define VKF_ATANH 31
#define VKF_ERF 32
#define VKF_ERFC 33
#define VKF_SIGMOID 34
#define VKF_LOG_SIGMOID 35
#define VKF_SILU 36
#define VKF_MISH 37
#define VKF_GELU 38
#define VKF_GELU_TANH 39
#define VKF_HARDSWISH 40
#define VKF_HARDSIGMOID 41
#define VKF_RELU 42
#define VKF_CLAMP 43         // x: least, y: greatest
#define VKF_THRESHOLD 44     // x: threshold, y: value
#define VKF_HARDSHRINK 45    // x: lambda
#define VKF_SOFTSHRINK 46    // x: lambda
#define VKF_LEAKY_RELU 47    // x: slope
#define VKF_ELU 48           // x: alpha * scale, y: scale, z: input scale
#define VKF_SOFTPLUS 49      // x: beta, y: threshold
#define VKF_NAN_TO_NUM 50    // x: for NaN, y: for inf, z: for -inf
#define VKF_LOGIT 51         // x: eps (0 for none)
#define VKF_AFFINE 52        // x: factor, y: summand
#define VKF_DIV_NUMBER 53    // x: divisor
#define VKF_NUMBER_DIV 54    // x: dividend
#define VKF_POW_NUMBER 55    // x: exponent
#define VKF_NUMBER_POW 56    // x: base

// Of two operands, a and b; "alpha" is the block's.
#define VKF_ADD 64           // a + alpha * b
#define VKF_MUL 65
#define VKF_DIV 66
#define VKF_DIV_TRUNC 67
#define VKF_DIV_FLOOR 68
#define VKF_FMOD 69
#define VKF_REMAINDER 70
#define VKF_MAXIMUM 71
#define VKF_MINIMUM 72
#define VKF_FMAX 73
#define VKF_FMIN 74
#define VKF_POW 75
#define VKF_ATAN2 76
#define VKF_HYPOT 77
#define VKF_PRELU 78         // a > 0 ? a : b * a
#define VKF_XLOGY 79
#define VKF_COPYSIGN 80
#define VKF_LOGADDEXP 81
#define VKF_SECOND 82        // b

// Of three operands, a, b and c.
#define VKF_ADDCMUL 96       // a + alpha * b * c
#define VKF_ADDCDIV 97       // a + alpha * b / c
#define VKF_LERP 98          // from a to b by c
#define VKF_WHERE 99         // c != 0 ? b : a

// How an operand's texel is found: the specialisation constants VKF_A, VKF_B and VKF_C.
#define VKF_SAME 0           // of the output's size
#define VKF_TEXEL 1          // whole texels repeat along w, h, and n or all planes
#define VKF_SPLAT 2          // one plane
#define VKF_GATHER 3         // any broadcast: each lane is fetched on its own
#define VKF_VALUE 4          // a number out of the block
