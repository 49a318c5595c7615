#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "sha256_blocks.h"

namespace vkforge {

// SHA-256 (FIPS 180-4) of data that arrives in pieces.
class Sha256 {
 public:
  void Update(const void* data, size_t size);
  // Ends the message; returns 64 lower-case hexadecimal digits.
  std::string HexDigest();

 private:
  Sha256State state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<uint8_t, 64> pending_{};
  size_t pending_size_ = 0;
  uint64_t total_size_ = 0;
};

std::string Sha256Hex(const void* data, size_t size);

}  // namespace vkforge
