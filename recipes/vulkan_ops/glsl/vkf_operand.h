// How an operand of a broadcasting operation is read.

#include "vkf_elementwise_ops.h"

/// Sets "result" to the operand's elements for the texel "pos" of an output of the size "osize".
#define VKF_LOAD(result, image, how, isize, number, pos, osize)                                     \
  {                                                                                                 \
    const ivec3 last = ivec3((isize).xy - 1, (vkf_planes(isize) + 3) / 4);                          \
    if (how == VKF_SAME) {                                                                          \
      result = texelFetch(image, pos, 0);                                                           \
    } else if (how == VKF_TEXEL) {                                                                  \
      result = texelFetch(image, ivec3(min((pos).xy, last.xy), (pos).z % last.z), 0);               \
    } else if (how == VKF_SPLAT) {                                                                  \
      result = texelFetch(image, ivec3(min((pos).xy, last.xy), 0), 0).xxxx;                         \
    } else if (how == VKF_VALUE) {                                                                  \
      result = vec4(number);                                                                        \
    } else {                                                                                        \
      result = vec4(0);                                                                             \
      for (int lane = 0; lane < 4; ++lane) {                                                        \
        if ((pos).z * 4 + lane < vkf_planes(osize)) {                                               \
          const ivec4 from = min(vkf_element(pos, lane, osize), (isize) - 1);                       \
          result[lane] = VKF_FETCH(image, from, isize);                                             \
        }                                                                                           \
      }                                                                                             \
    }                                                                                               \
  }
