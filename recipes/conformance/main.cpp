// Runs upstream's tests with a seed: before each test torch's generator starts from it, so that a test's inputs
// depend on the seed alone, whatever runs before.
//
// VKFORGE_SEED: the seed; 0 if it is not set.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace {

class SeedEachTest : public testing::EmptyTestEventListener {
 public:
  explicit SeedEachTest(uint64_t seed) : seed_(seed) {}

  void OnTestStart(const testing::TestInfo&) override { at::manual_seed(seed_); }

 private:
  uint64_t seed_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const char* const text = std::getenv("VKFORGE_SEED");
  // gtest owns its listeners.
  testing::UnitTest::GetInstance()->listeners().Append(new SeedEachTest(text ? std::stoull(text) : 0));
  at::set_num_threads(1);
  return RUN_ALL_TESTS();
}
