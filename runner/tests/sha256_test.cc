#include "sha256.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace vkforge {
namespace {

std::string HexOf(const std::string& text) { return Sha256Hex(text.data(), text.size()); }

// The examples of FIPS 180-4.
TEST(Sha256Test, MatchesTheStandardsExamples) {
  EXPECT_EQ(HexOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(HexOf(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, DoesNotDependOnHowTheDataIsCut) {
  const std::string text(300, 'x');
  for (const size_t piece : {1u, 63u, 64u, 65u, 128u}) {
    Sha256 hash;
    for (size_t at = 0; at < text.size(); at += piece) {
      const std::string part = text.substr(at, piece);
      hash.Update(part.data(), part.size());
    }
    EXPECT_EQ(hash.HexDigest(), HexOf(text)) << "pieces of " << piece;
  }
}

TEST(Sha256Test, TheMachinesInstructionsGiveWhatThePortableOnesGive) {
  std::vector<uint8_t> bytes(64 * 257);
  uint32_t random = 1;
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>((random = random * 1664525 + 1013904223) >> 24);
  for (const size_t count : {1u, 2u, 3u, 253u}) {
    Sha256State state{1, 2, 3, 0xffffffff, 5, 6, 7, 0x80000000};
    Sha256State portable = state;
    ProcessSha256Blocks(state, bytes.data() + 64, count);
    ProcessSha256BlocksPortably(portable, bytes.data() + 64, count);
    EXPECT_EQ(state, portable) << count << " blocks";
  }
}

}  // namespace
}  // namespace vkforge
