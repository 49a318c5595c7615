#pragma once

namespace vkforge {

// The time that the runs after the first may take together. It counts the runs' own times, which are known
// exactly, and so gives the same answer for the same times.
class Budget {
 public:
  // limit_ms: 0 for no limit.
  explicit Budget(double limit_ms) : limit_ms_(limit_ms) {}

  void Spend(double ms) { spent_ms_ += ms; }

  // Whether another next_ms fits into a share (0 to 1) of the time.
  bool Fits(double next_ms, double share = 1) const {
    return limit_ms_ <= 0 || spent_ms_ + next_ms <= share * limit_ms_;
  }

 private:
  double limit_ms_;
  double spent_ms_ = 0;
};

}  // namespace vkforge
