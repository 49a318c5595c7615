// Where an output position lies in the input of a resampling shader. To be included by vkf_upsample_*.glsl.
//
// A position along one axis is the fixed-point number start + step * output, with 32 bits behind the point.
// A float has 24 bits in all: at a position of 500 its fraction, which is the weight of a neighbour, would be
// off by 3e-5. The step is computed in double on the host.

struct vkf_Position {
  int whole;       // the largest integer that is not above the position
  float fraction;  // the rest, 0 to 1
};

vkf_Position vkf_position(
    const int at, const int start_whole, const uint start_part, const int step_whole, const uint step_part) {
  uint high;
  uint low;
  umulExtended(uint(at), step_part, high, low);
  uint carry;
  const uint part = uaddCarry(low, start_part, carry);
  return vkf_Position(at * step_whole + int(high) + start_whole + int(carry), float(part) / 4294967296.0);
}
